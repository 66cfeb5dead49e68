package ledger.http;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens because of a request as one trace, across both sides: the event carries the trace from the request that led to it
 * to the views that take it in. Where traces go nowhere, nothing is recorded, and to find that out is all that it costs.
 */
public final class Traces implements AutoCloseable {

    private static final String TRACEPARENT = "traceparent";

    private static final TextMapGetter<String> TRACEPARENT_ALONE = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String key) {
            return key.equals(TRACEPARENT) ? traceparent : null;
        }
    };

    private final @Nullable SdkTracerProvider provider;
    private final Tracer tracer;

    /** Those of nobody. */
    Traces() {
        provider = null;
        tracer = TracerProvider.noop().get("ledger");
    }

    /** To an exporter; {@code share} of those that come without a decision of the caller's. */
    Traces(String service, double share, SpanExporter exporter) {
        provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), service))))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(share)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(Duration.ofSeconds(1))
                        .build())
                .build();
        tracer = provider.get("ledger");
    }

    public boolean areKept() {
        return provider != null;
    }

    /** The span of this thread as others refer to it; {@code sent}, what the client refers to, where no span is kept. */
    public static @Nullable String traceparent(@Nullable String sent) {
        var span = Span.current().getSpanContext();
        return span.isValid()
                ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getTraceFlags().asHex()
                : sent;
    }

    /** A part of what this thread does. */
    public Span begin(String name) {
        return tracer.spanBuilder(name).startSpan();
    }

    /** The answer to a request of whoever sent {@code traceparent}. */
    Span begin(String name, @Nullable String traceparent) {
        return tracer.spanBuilder(name)
                .setParent(after(traceparent))
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
    }

    /** What was done, from {@code begin} until now, because of what {@code traceparent} says. */
    public void followed(String name, String traceparent, Instant begin, Attributes about) {
        tracer.spanBuilder(name)
                .setParent(after(traceparent))
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(begin)
                .setAllAttributes(about)
                .startSpan()
                .end();
    }

    private static Context after(@Nullable String traceparent) {
        return traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, TRACEPARENT_ALONE);
    }

    /** Sends what has not been sent yet. */
    @Override
    public void close() {
        if (provider != null) {
            provider.close();
        }
    }
}
