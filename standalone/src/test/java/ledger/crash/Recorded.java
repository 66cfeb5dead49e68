package ledger.crash;

import java.util.List;
import java.util.UUID;
import ledger.api.EventTypes;
import ledger.api.LedgerEvent;
import ledger.command.store.StoredJson;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** An event as the ledger holds it, and which request led to it. */
record Recorded(
        long position,
        String tenant,
        UUID stream,
        String streamType,
        long version,
        LedgerEvent event,
        @Nullable String request,
        String cause) {

    static List<Recorded> all(JdbcClient sql) {
        return sql.sql("select * from ledger.event order by position")
                .query((row, _) -> {
                    JsonNode metadata = StoredJson.MAPPER.readTree(row.getString("metadata"));
                    return new Recorded(
                            row.getLong("position"),
                            row.getString("tenant"),
                            row.getObject("stream_id", UUID.class),
                            row.getString("stream_type"),
                            row.getLong("version"),
                            StoredJson.MAPPER.readValue(
                                    row.getString("payload"), EventTypes.named(row.getString("type"))),
                            metadata.path("correlationId").asString(null),
                            metadata.path("causationId").asString(""));
                })
                .list();
    }
}
