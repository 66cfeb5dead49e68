package ledger.query;

import static ledger.query.Facts.FIRST;
import static ledger.query.Facts.id;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import ledger.testing.TestIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PastTest {

    private static final String LOCK = "select pg_advisory_xact_lock(119182731994482)";

    private static final TestIssuer ISSUER = TestIssuer.shared();
    private static final Ledger LEDGER = Ledger.create();
    private static Node node;
    private String asked;

    @BeforeAll
    static void a_subscription() {
        LEDGER.append(subscribed(id(1), "ann", FIRST, true));
        node = Node.start(LEDGER);
    }

    @BeforeEach
    void ask() {
        asked = "/v1/subscriptions/" + id(1) + "?asOf=" + Instant.now();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Otherwise the same question, asked again, would have another answer. */
    @Test
    void whatIsBeingRecordedIsKnown() throws SQLException {
        Node ann = node.as(ISSUER.token("ann", "customer")); // nobody records that she asked, and so takes the lock
        try (Connection append = LEDGER.connect();
                Statement statement = append.createStatement()) {
            append.setAutoCommit(false);
            statement.execute(LOCK);
            statement.execute("""
                    insert into ledger.event (position, tenant, stream_id, stream_type, version, event_id, type, revision,
                        effective_at, payload, metadata)
                    select position + 1, tenant, stream_id, stream_type, version + 1, uuidv7(), 'subscription.auto-renew-set', 1,
                        effective_at, json_build_object('subscription', stream_id, 'at', effective_at, 'enabled', false), '{}'
                    from ledger.event where stream_id = '%s'""".formatted(id(1)));
            CompletableFuture<Node.Answer> answer = CompletableFuture.supplyAsync(() -> ann.get(asked));
            awaitWaiting();
            append.commit();
            assertThat(answer.join().json().path("autoRenew").asBoolean(true)).isFalse();
        }
    }

    @Test
    void whatCannotBeRecordedIsNotAnswered() {
        assertThat(node.get(asked).status()).isEqualTo(200);
        LEDGER.execute("""
                create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no audits today'; end $$;
                create trigger refuse before insert on ledger.event for each row
                    when (new.type like 'audit.%') execute function refuse()""");
        try {
            assertThat(node.get(asked).status()).isEqualTo(500);
        } finally {
            LEDGER.execute("drop function refuse cascade");
        }
    }

    private static void awaitWaiting() {
        await("the question waits for the append").until(() -> LEDGER.count("""
                        select count(*) from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and not granted
                            and database = (select oid from pg_database where datname = current_database())""") == 1);
    }
}
