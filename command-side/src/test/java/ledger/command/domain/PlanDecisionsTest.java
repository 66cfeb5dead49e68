package ledger.command.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import ledger.api.Money;
import ledger.api.Offer;
import ledger.api.PlanCommand;
import ledger.api.PlanCommand.Publish;
import ledger.api.PlanCommand.Retire;
import ledger.api.PlanCommand.Revise;
import ledger.api.PlanEvent;
import ledger.api.PlanEvent.Published;
import ledger.api.PlanEvent.Retired;
import ledger.api.PlanEvent.Revised;
import ledger.api.PlanRef;
import ledger.api.PlanSlug;
import ledger.api.PlanTerms;
import ledger.api.Price;
import ledger.api.Problem;
import ledger.api.ProductSlug;
import ledger.api.Rejected;
import ledger.api.Term;
import ledger.command.domain.PlanDecisions.Catalogued;
import ledger.command.domain.PlanDecisions.PlanState;
import ledger.command.domain.PlanDecisions.PlanState.Known;
import ledger.command.domain.PlanDecisions.PlanState.OnSale;
import ledger.command.domain.PlanDecisions.PlanState.RetiredPlan;
import ledger.command.domain.PlanDecisions.PlanState.Unpublished;
import org.junit.jupiter.api.Test;

/** What a plan may do. What its terms may say is tested where they are, in {@code PlanTermsTest}. */
class PlanDecisionsTest {

    private static final PlanSlug PRO = new PlanSlug("pro");
    private static final Instant T1 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T2 = Instant.parse("2026-02-01T00:00:00Z");
    private static final Instant T3 = Instant.parse("2026-03-01T00:00:00Z");
    private static final PlanTerms CHEAP = terms("suite", 1900);
    private static final PlanTerms DEAR = terms("suite", 4900);

    @Test
    void publishing_makes_version_1() {
        assertThat(decide(new Unpublished(), new Publish(PRO, CHEAP), T1))
                .containsExactly(new Published(PRO, T1, 1, CHEAP));
    }

    @Test
    void a_slug_is_published_once_even_after_it_retired() {
        assertRefused(Problem.PLAN_EXISTS, () -> decide(onSale(), new Publish(PRO, CHEAP), T2));
        assertRefused(Problem.PLAN_EXISTS, () -> decide(retired(), new Publish(PRO, CHEAP), T2));
    }

    @Test
    void revising_adds_a_version_and_leaves_the_older_ones() {
        PlanState revised = after(onSale(), new Revise(PRO, DEAR), T2);
        assertThat(decide(onSale(), new Revise(PRO, DEAR), T2)).containsExactly(new Revised(PRO, T2, 2, DEAR));
        Catalogued entry = ((Known) revised).entry();
        assertThat(entry.versions()).containsExactly(CHEAP, DEAR);
        assertThat(entry.version()).isEqualTo(2);
        assertThat(entry.terms()).isEqualTo(DEAR);
        assertThat(entry.publishedAt()).isEqualTo(T2);
        assertThat(decide(revised, new Revise(PRO, CHEAP), T3)).containsExactly(new Revised(PRO, T3, 3, CHEAP));
    }

    @Test
    void revising_to_what_it_says_already_appends_nothing() {
        assertThat(decide(onSale(), new Revise(PRO, terms("suite", 1900)), T2)).isEmpty();
    }

    @Test
    void a_plan_stays_in_its_product() {
        assertRefused(Problem.OTHER_PRODUCT, () -> decide(onSale(), new Revise(PRO, terms("other", 1900)), T2));
    }

    @Test
    void retiring_is_final_and_repeating_it_harmless() {
        assertThat(decide(onSale(), new Retire(PRO), T2)).containsExactly(new Retired(PRO, T2));
        assertThat(retired()).isInstanceOf(RetiredPlan.class);
        assertThat(decide(retired(), new Retire(PRO), T3)).isEmpty();
        assertRefused(Problem.PLAN_RETIRED, () -> decide(retired(), new Revise(PRO, DEAR), T3));
        assertRefused(Problem.PLAN_RETIRED, () -> decide(retired(), new Revise(PRO, CHEAP), T3));
    }

    @Test
    void a_retired_plan_keeps_what_it_said() {
        assertThat(((Known) retired()).entry()).isEqualTo(((Known) onSale()).entry());
    }

    @Test
    void what_was_never_published_is_not_found() {
        assertRefused(Problem.PLAN_NOT_FOUND, () -> decide(new Unpublished(), new Revise(PRO, CHEAP), T1));
        assertRefused(Problem.PLAN_NOT_FOUND, () -> decide(new Unpublished(), new Retire(PRO), T1));
    }

    @Test
    void an_offer_is_of_the_current_version() {
        Catalogued entry = ((Known) after(onSale(), new Revise(PRO, DEAR), T2)).entry();
        assertThat(entry.offer(Term.MONTHLY))
                .contains(new Offer(
                        new PlanRef(PRO, 2, new ProductSlug("suite")),
                        DEAR.prices().getFirst()));
        assertThat(entry.offer(Term.YEARLY)).isEmpty();
    }

    private static List<PlanEvent> decide(PlanState state, PlanCommand command, Instant now) {
        return PlanDecisions.decide(state, command, now);
    }

    private static PlanState after(PlanState state, PlanCommand command, Instant now) {
        PlanState evolved = state;
        for (PlanEvent event : decide(state, command, now)) {
            evolved = PlanDecisions.evolve(evolved, event);
        }
        return evolved;
    }

    private static PlanState onSale() {
        PlanState published = after(new Unpublished(), new Publish(PRO, CHEAP), T1);
        assertThat(published).isInstanceOf(OnSale.class);
        return published;
    }

    private static PlanState retired() {
        return after(onSale(), new Retire(PRO), T2);
    }

    private static void assertRefused(Problem problem, Supplier<?> decision) {
        assertThatExceptionOfType(Rejected.class)
                .isThrownBy(decision::get)
                .extracting(Rejected::problem)
                .isEqualTo(problem);
    }

    private static PlanTerms terms(String product, long amount) {
        return new PlanTerms(
                new ProductSlug(product),
                "Pro",
                null,
                List.of(new Price(Term.MONTHLY, Money.of(amount, "USD"), Price.Per.FLAT)),
                0,
                List.of(),
                Map.of("share", new BigDecimal("0.10")));
    }
}
