package ledger.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import ledger.command.deadline.Deadlines;
import ledger.command.store.Streams;
import ledger.http.Prompt;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** How the command side is: whether its database answers, and whether what is due is done. */
final class Vitals implements MeterBinder {

    /** A restart, or a database that fails over, takes as long. */
    private static final Duration TOO_LATE = Duration.ofMinutes(1);

    private final Streams streams;
    private final Deadlines deadlines;

    Vitals(Streams streams, Deadlines deadlines) {
        this.streams = streams;
        this.deadlines = deadlines;
    }

    HealthIndicator ledger() {
        return () -> Prompt.health(() -> Health.up().withDetail("position", streams.head()));
    }

    HealthIndicator deadlines() {
        return () -> Prompt.health(() -> {
            Duration late = deadlines.late();
            return new Health.Builder(late.compareTo(TOO_LATE) < 0 ? Status.UP : Status.DOWN)
                    .withDetail("lateSeconds", late.toSeconds());
        });
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        TimeGauge.builder("ledger.deadline.overdue", this, TimeUnit.SECONDS, Vitals::lateSeconds)
                .description("How long the oldest deadline that has not fired has been due")
                .register(registry);
    }

    private double lateSeconds() {
        try {
            return Prompt.ask(deadlines::late).toMillis() / 1e3;
        } catch (TimeoutException | ExecutionException e) {
            return Double.NaN;
        }
    }
}
