package ledger.query.plan;

import static ledger.query.Facts.START;
import static ledger.query.Facts.published;
import static ledger.query.Facts.terms;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import ledger.api.Money;
import ledger.api.PlanEvent.Retired;
import ledger.api.PlanEvent.Revised;
import ledger.api.PlanSlug;
import ledger.api.PlanView;
import ledger.api.Price;
import ledger.api.Term;
import ledger.query.Ledger;
import ledger.query.Node;
import ledger.query.Node.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PlanCatalogueTest {

    private static final PlanSlug PRO = new PlanSlug("pro");

    @Test
    void anyone_reads_the_catalogue_the_cheapest_first() {
        Ledger ledger = Ledger.create();
        ledger.append(
                published("pro", price(3000, Term.MONTHLY)),
                published("yearly", price(24000, Term.YEARLY)), // 2000 a month
                published("weekly", price(500, new Term(1, Term.Unit.WEEK))), // 2174 a month
                published("free", price(0, Term.MONTHLY)),
                published("twin", price(3000, Term.MONTHLY), price(36000, Term.YEARLY)),
                new Revised(PRO, START, 2, terms(price(3100, Term.MONTHLY))));
        long last = ledger.append("elsewhere", published("foreign", price(1, Term.MONTHLY)));
        try (Node node = Node.start(ledger)) {
            assertThat(slugs(node.getAt(last, "/v1/plans").json()))
                    .containsExactly("free", "yearly", "weekly", "twin", "pro");
            List<String> paged = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = node.get("/v1/plans?limit=2" + cursor).json();
                paged.addAll(slugs(page));
                cursor = page.has("nextCursor")
                        ? "&cursor=" + page.path("nextCursor").asString()
                        : "";
            } while (!cursor.isEmpty());
            assertThat(paged).containsExactly("free", "yearly", "weekly", "twin", "pro");
            assertThat(node.get("/v1/plans/foreign").status()).isEqualTo(404);
        }
    }

    @Test
    void a_version_stays_as_it_was_published() {
        Ledger ledger = Ledger.create();
        ledger.append(published("pro", price(3000, Term.MONTHLY)));
        ledger.append(new Revised(PRO, START.plusSeconds(60), 2, terms(price(4000, Term.MONTHLY))));
        long last = ledger.append(new Retired(PRO, START.plusSeconds(120)));
        try (Node node = Node.start(ledger)) {
            Answer current = node.getAt(last, "/v1/plans/pro");
            assertThat(current.header("ETag")).isEqualTo("\"2\"");
            assertThat(current.as(PlanView.class))
                    .isEqualTo(PlanView.of(PRO, 2, terms(price(4000, Term.MONTHLY)), true, START.plusSeconds(60), 2));
            assertThat(node.get("/v1/plans/pro/versions/1").as(PlanView.class))
                    .isEqualTo(PlanView.of(PRO, 1, terms(price(3000, Term.MONTHLY)), true, START, 2));
            assertThat(node.get("/v1/plans/pro/versions/2").as(PlanView.class)).isEqualTo(current.as(PlanView.class));
            for (String missing : List.of("pro/versions/3", "pro/versions/0", "none/versions/1", "none", "BAD")) {
                assertThat(node.get("/v1/plans/" + missing).json().path("code").asString())
                        .isEqualTo("plan-not-found");
            }
        }
    }

    private static Price price(long amount, Term term) {
        return new Price(term, Money.of(amount, "USD"), Price.Per.FLAT);
    }

    private static List<String> slugs(JsonNode page) {
        return StreamSupport.stream(page.path("items").spliterator(), false)
                .map(item -> item.path("slug").asString())
                .toList();
    }
}
