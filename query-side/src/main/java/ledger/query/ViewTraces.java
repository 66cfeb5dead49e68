package ledger.query;

import io.opentelemetry.api.common.Attributes;
import java.time.Instant;
import java.util.List;
import ledger.http.Traces;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Shows in the trace of a request, which its events carry, when a view took them in. Where no traces are kept it does nothing. */
@Component
final class ViewTraces {

    private final Traces traces;
    private final JdbcClient database;

    ViewTraces(Traces traces, JdbcClient database) {
        this.traces = traces;
        this.database = database;
    }

    /** What has been added to {@code batch} when the unit of work is committed has been taken in then. */
    void follow(UnitOfWork<?> unit, String group, List<UnreadEvent> batch) {
        if (traces.areKept()) {
            Instant begin = Instant.now();
            unit.afterCommit(_ -> taken(group, begin, batch));
        }
    }

    private void taken(String group, Instant begin, List<UnreadEvent> batch) {
        Long[] positions = batch.stream().map(UnreadEvent::position).toArray(Long[]::new);
        try {
            database.sql("select position, metadata ->> 'traceparent' as traceparent from ledger.event "
                            + "where position = any (?) and metadata ->> 'traceparent' is not null")
                    .param(positions)
                    .query(row -> {
                        Attributes about = Attributes.builder()
                                .put("ledger.position", row.getLong(1))
                                .build();
                        traces.followed("view " + group, row.getString(2), begin, about);
                    });
        } catch (DataAccessException _) {
            // the views are what counts; a trace may lack their part
        }
    }
}
