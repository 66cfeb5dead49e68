package ledger.query.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.Objects;
import ledger.query.history.HistoryEntry.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;

/** A history for people: a page without scripts, on which everything that was stored is text. */
@Component
class HistoryPage extends AbstractHttpMessageConverter<History> {

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>History of %1$s</title><style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222 }
            ol { list-style: none; margin: 0; padding: 0; border-left: 3px solid #cbd5e1 }
            li { margin: 0 0 1.5em; padding-left: 1em } li:target { background: #fef9c3 }
            time { font-weight: 600 } p { margin: .2em 0 } .by { color: #64748b; font-size: .85em }
            table { border-collapse: collapse; font-size: .85em } td, th { border: 1px solid #e2e8f0; padding: .2em .5em;
            text-align: left; vertical-align: top; overflow-wrap: anywhere } pre { white-space: pre-wrap; font-size: .85em }
            </style></head><body><h1>History of %1$s</h1><ol>
            %2$s</ol>%3$s</body></html>
            """;

    private static final String ENTRY = """
            <li id="p%1$d"><time>%2$s</time> <b>%3$s</b><p>%4$s</p>
            <p class="by">position %1$d · version %5$d · recorded %6$s · by %7$s · %8$s · correlation %9$s</p>
            <details><summary>What it changed, and what is stored</summary>
            <table><tr><th>field</th><th>before</th><th>after</th></tr>
            %10$s</table><pre>%11$s</pre></details></li>
            """;

    HistoryPage() {
        super(UTF_8, MediaType.TEXT_HTML);
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == History.class;
    }

    @Override
    protected History readInternal(Class<? extends History> type, HttpInputMessage message) {
        throw new HttpMessageNotReadableException("a history is never sent", message);
    }

    @Override
    protected void writeInternal(History history, HttpOutputMessage message) throws IOException {
        String subject = escape(history.subject());
        String entries = history.items().stream().map(HistoryPage::entry).collect(joining());
        String next = history.nextCursor() == null
                ? ""
                : "<p><a href=\"?cursor=%s\">What followed</a></p>"
                        .formatted(URLEncoder.encode(history.nextCursor(), UTF_8));
        message.getBody().write(PAGE.formatted(subject, entries, next).getBytes(UTF_8));
    }

    private static String entry(HistoryEntry entry) {
        return ENTRY.formatted(
                entry.position(),
                entry.effectiveAt(),
                escape(entry.type()),
                escape(entry.sentence()),
                entry.version(),
                entry.recordedAt(),
                escape(entry.actor()),
                escape(entry.cause()),
                escape(entry.correlationId()),
                entry.changes().stream().map(HistoryPage::row).collect(joining()),
                escape(entry.payload()));
    }

    private static String row(Change change) {
        return "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n"
                .formatted(escape(change.field()), escape(change.before()), escape(change.after()));
    }

    private static String escape(@Nullable JsonNode value) {
        return value == null ? "–" : escape(value.isString() ? value.asString() : value.toString());
    }

    private static String escape(@Nullable String text) {
        return HtmlUtils.htmlEscape(Objects.requireNonNullElse(text, "–"), UTF_8.name());
    }
}
