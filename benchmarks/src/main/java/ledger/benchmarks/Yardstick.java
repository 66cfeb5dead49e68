package ledger.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What the ledger is compared to: a table like that of its events, and an event as the ledger has stored it. */
record Yardstick(Postgres database, String payload, String metadata) {

    /** The places are those of the payload and of the metadata. */
    static final String INSERT = """
        insert into event (tenant, stream_id, stream_type, version, event_id, type, revision, effective_at, payload, metadata) \
        values ('default', uuidv7(), 'subscription', 0, uuidv7(), 'subscription.subscribed', 1, now(), %s, %s)\
        """;

    /** Without triggers, claims, due dates and answers to keys: less work than a command is for the ledger. */
    private static final String TABLE = """
        create table event (
            position bigint generated always as identity primary key, tenant text not null, stream_id uuid not null,
            stream_type text not null, version bigint not null, event_id uuid not null, type text not null, revision int not null,
            effective_at timestamptz not null, recorded_at timestamptz not null default clock_timestamp(),
            payload json not null, metadata json not null, unique (stream_id, version))
        """;

    /** In a database of its own on the ledger's server, of the size of the ledger's last subscription. */
    static Yardstick create(Postgres ledger) throws SQLException {
        Postgres database = ledger.create("yardstick");
        database.execute(TABLE);
        try (Connection connection = ledger.connect();
                PreparedStatement select = connection.prepareStatement(
                        "select payload, metadata from ledger.event where type = 'subscription.subscribed' order by"
                                + " position desc limit 1");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("nobody has subscribed yet");
            }
            return new Yardstick(database, row.getString(1), row.getString(2));
        }
    }
}
