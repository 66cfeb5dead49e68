package ledger.query.subscription;

import static ledger.query.Facts.START;
import static ledger.query.Facts.id;
import static ledger.query.Facts.subscribed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionEvent.AutoRenewSet;
import ledger.query.Ledger;
import ledger.query.Node;
import ledger.query.rebuild.Diff;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A question about a long life begins at a milestone of it, and its answer is what the whole life comes to. */
class MilestonesTest {

    private static final int EVENTS = 200;
    private static final Ledger LEDGER = Ledger.create();
    private static final Random RANDOM = new Random(64);
    private static final List<SubscriptionEvent> LIFE = new ArrayList<>();
    private static final List<Instant> RECORDED = new ArrayList<>();
    private static Node node;

    /** What was recorded later may have taken effect earlier. */
    @BeforeAll
    static void a_long_life() throws Exception {
        LIFE.add(subscribed(id(1), true));
        while (LIFE.size() < EVENTS) {
            Duration after = Duration.ofHours(LIFE.size() + RANDOM.nextInt(100));
            LIFE.add(new AutoRenewSet(id(1), START.plus(after), RANDOM.nextBoolean()));
        }
        LEDGER.append(LIFE.toArray(SubscriptionEvent[]::new));
        try (var connection = LEDGER.connect();
                var rows = connection
                        .createStatement()
                        .executeQuery("select recorded_at from ledger.event order by position")) {
            while (rows.next()) {
                RECORDED.add(rows.getObject(1, OffsetDateTime.class).toInstant());
            }
        }
        node = Node.start(LEDGER);
        assertThat(node.getAt(EVENTS, "/v1/subscriptions/" + id(1)).status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void anyMomentIsWhatTheWholeLifeComesTo() {
        for (int i = 0; i < 150; i++) {
            Instant at = START.plus(Duration.ofMinutes(RANDOM.nextInt(60 * 320)));
            Instant known = RECORDED.get(RANDOM.nextInt(EVENTS));
            boolean renews = true;
            long version = 0;
            for (int told = 1; told < EVENTS; told++) {
                if (LIFE.get(told) instanceof AutoRenewSet set
                        && !set.at().isAfter(at)
                        && !RECORDED.get(told).isAfter(known)) {
                    version = told;
                    renews = set.enabled();
                }
            }
            Node.Answer answer = asked(at, known);
            assertThat(answer.json().path("version").asLong(-1)).isEqualTo(version);
            assertThat(answer.json().path("autoRenew").asBoolean()).isEqualTo(renews);
        }
    }

    @Test
    void theyAreWhatItBeginsWithAndAsARebuildMakesThem() throws Exception {
        assertThat(LEDGER.count("select count(*) from views_subscription_2.subscription_milestone"))
                .isEqualTo(EVENTS / 64);
        assertThat(node.bean(Diff.class).of("subscription").differences()).isZero();

        Instant later = START.plus(Duration.ofDays(60));
        mark("subscription");
        assertThat(asked(later, Instant.now()).json().path("quantity").asInt()).isEqualTo(77);
        assertThat(asked(later, RECORDED.get(150)).json().path("quantity").asInt())
                .isEqualTo(2);
        mark("subscription_milestone");
        assertThat(asked(later, RECORDED.get(150)).json().path("quantity").asInt())
                .isEqualTo(77);
        assertThat(asked(later, RECORDED.get(50)).json().path("quantity").asInt())
                .isEqualTo(2);
        assertThat(node.bean(Diff.class).of("subscription").differences()).isEqualTo(1 + EVENTS / 64);
    }

    private static Node.Answer asked(Instant at, Instant known) {
        return node.get("/v1/subscriptions/" + id(1) + "?asOf=" + at + "&knownAt=" + known);
    }

    private static void mark(String table) {
        LEDGER.execute("update views_subscription_2." + table
                + " set document = (document::jsonb || '{\"quantity\": 77}')::json");
    }
}
