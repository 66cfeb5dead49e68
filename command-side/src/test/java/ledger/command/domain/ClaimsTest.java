package ledger.command.domain;

import static ledger.command.domain.Sample.BASIC;
import static ledger.command.domain.Sample.CANCEL_NOW;
import static ledger.command.domain.Sample.ELAPSE;
import static ledger.command.domain.Sample.ID;
import static ledger.command.domain.Sample.PAUSE;
import static ledger.command.domain.Sample.PRO;
import static ledger.command.domain.Sample.RENEW;
import static ledger.command.domain.Sample.changeNow;
import static ledger.command.domain.Sample.once;
import static ledger.command.domain.Story.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import ledger.api.Reference;
import ledger.api.SubscriptionCommand;
import ledger.api.SubscriptionCommand.Renew;
import ledger.api.SubscriptionCommand.Subscribe;
import ledger.command.domain.Claims.Release;
import ledger.command.domain.Claims.Take;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the ledger must hold for a subscription, so that a rule about a set of them is kept. */
class ClaimsTest {

    private static final String SLOT = "suite/customer-7";

    @Test
    void subscribing_takes_one_of_the_customers_slots_on_the_product() {
        assertThat(claims(given(), Sample.subscribe(BASIC), "2026-01-01")).containsExactly(new Take("live", SLOT, 1));
        assertThat(claims(given(), subscribe(3, null), "2026-01-01")).containsExactly(new Take("live", SLOT, 3));
        assertThat(claims(given(), subscribe(null, null), "2026-01-01")).containsExactly(new Take("live", SLOT, null));
    }

    @Test
    void a_reference_is_taken_once_and_for_ever() {
        assertThat(claims(given(), subscribe(1, "order 4711"), "2026-01-01"))
                .containsExactly(new Take("live", SLOT, 1), new Take("reference", "order 4711", 1));
        assertThat(claims(given(subscribe(1, "order 4711"), "2026-01-01"), CANCEL_NOW, "2026-01-02"))
                .containsExactly(new Release("live", SLOT));
    }

    @Test
    void ending_gives_the_slot_back() {
        assertThat(claims(given(Sample.subscribe(BASIC), "2026-01-01"), CANCEL_NOW, "2026-01-02"))
                .containsExactly(new Release("live", SLOT));
        assertThat(claims(given(once(Sample.subscribe(BASIC)), "2026-01-01"), ELAPSE, "2026-02-01"))
                .containsExactly(new Release("live", SLOT));
    }

    @Test
    void renewing_after_expiry_takes_a_slot_again_under_todays_bound() {
        assertThat(claims(
                        given(once(Sample.subscribe(BASIC)), "2026-01-01").and(ELAPSE, "2026-02-01"),
                        new Renew(ID, 5),
                        "2026-03-01"))
                .containsExactly(new Take("live", SLOT, 5));
    }

    @Test
    void whatever_keeps_it_alive_needs_no_other_slot() {
        assertThat(claims(given(Sample.subscribe(BASIC), "2026-01-01"), ELAPSE, "2026-02-01"))
                .isEmpty();
        assertThat(claims(given(once(Sample.subscribe(BASIC)), "2026-01-01"), RENEW, "2026-01-02"))
                .isEmpty();
        assertThat(claims(given(Sample.subscribe(BASIC), "2026-01-01"), PAUSE, "2026-01-02"))
                .isEmpty();
        assertThat(claims(given(Sample.subscribe(BASIC), "2026-01-01"), changeNow(PRO), "2026-01-02"))
                .isEmpty();
    }

    private static List<Claims> claims(Story story, SubscriptionCommand command, String at) {
        return Decide.decide(story.state(), command, Telling.instant(at)).stream()
                .flatMap(event -> Claims.of(story.state(), event).stream())
                .toList();
    }

    private static Subscribe subscribe(@Nullable Integer maxLive, @Nullable String reference) {
        return new Subscribe(
                ID,
                Sample.CUSTOMER,
                reference == null ? null : new Reference(reference),
                BASIC,
                1,
                true,
                Sample.UTC,
                null,
                0,
                null,
                maxLive);
    }
}
