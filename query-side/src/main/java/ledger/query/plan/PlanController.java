package ledger.query.plan;

import static ledger.http.Headers.LEDGER_POSITION;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import ledger.api.PlanSlug;
import ledger.api.PlanView;
import ledger.api.Problem;
import ledger.api.TenantId;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Caller;
import ledger.http.Cursor;
import ledger.http.Page;
import ledger.http.Role;
import ledger.query.AsOf;
import ledger.query.Moment;
import ledger.query.Past;
import ledger.query.Projections;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.data.domain.Limit;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The catalogue: the cheapest plan first, by the price that it has for one month or comes to in one. */
@RestController
@RequestMapping("/v1/plans")
class PlanController {

    private final PlanRows rows;
    private final Projections projections;

    private final Past past;
    private final PastPlans pastPlans;

    PlanController(PlanRows rows, Projections projections, Past past, PastPlans pastPlans) {
        this.rows = rows;
        this.projections = projections;
        this.past = past;
        this.pastPlans = pastPlans;
    }

    @Allowed({Role.ANONYMOUS, Role.MANAGER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping
    @Answers({Problem.INVALID_CURSOR, Problem.VIEW_BEHIND})
    ResponseEntity<Page<PlanView>> list(
            Caller caller,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor,
            @ParameterObject AsOf asOf,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        Moment moment = past.asked(caller, asOf);
        long position = projections.reached(PlanTable.GROUP, wanted);
        int most = Page.limit(limit);
        String list = Cursor.list("plans", asOf);
        Key after = Cursor.read(list, cursor, Key::of);
        List<PlanView> found = moment == null
                ? read(caller.tenant(), after, Limit.of(most + 1)).stream()
                        .map(PlanRow::view)
                        .toList()
                : pastPlans.list(caller.tenant(), moment).stream()
                        .filter(view -> after == null || Key.of(view).compareTo(after) > 0)
                        .sorted(Comparator.comparing(Key::of))
                        .toList();
        return ResponseEntity.ok()
                .header(LEDGER_POSITION, Long.toString(position))
                .body(Page.of(found, most, view -> view, view -> Key.of(view).cursor(list)));
    }

    @Allowed({Role.ANONYMOUS, Role.MANAGER, Role.OPERATOR, Role.AUDITOR})
    @GetMapping("/{slug}")
    @Answers({Problem.PLAN_NOT_FOUND, Problem.VIEW_BEHIND})
    ResponseEntity<PlanView> current(
            Caller caller,
            @PathVariable PlanSlug slug,
            @ParameterObject AsOf asOf,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        Moment moment = past.asked(caller, asOf);
        long position = projections.reached(PlanTable.GROUP, wanted);
        return answer(newest(caller.tenant(), slug, moment), position);
    }

    @Allowed(Role.ANONYMOUS)
    @GetMapping("/{slug}/versions/{number}")
    @Answers({Problem.PLAN_NOT_FOUND, Problem.VIEW_BEHIND})
    ResponseEntity<PlanView> version(
            Caller caller,
            @PathVariable PlanSlug slug,
            @PathVariable int number,
            @ParameterObject AsOf asOf,
            @RequestHeader(name = LEDGER_POSITION, required = false) @Nullable Long wanted) {
        Moment moment = past.asked(caller, asOf);
        long position = projections.reached(PlanTable.GROUP, wanted);
        PlanView newest = newest(caller.tenant(), slug, moment);
        PlanView older = rows.findVersion(caller.tenant().value(), slug.value(), number)
                .filter(_ -> number <= newest.planVersion())
                .orElseThrow(() -> Problem.PLAN_NOT_FOUND.because("the plan " + slug + " has no version " + number))
                .view();
        return answer(PlanFold.older(older, newest), position);
    }

    private record Key(BigDecimal monthly, String slug) implements Comparable<Key> {

        static Key of(List<String> key) {
            return new Key(new BigDecimal(key.get(0)), key.get(1));
        }

        static Key of(PlanView view) {
            return new Key(PlanTable.monthly(view), view.slug().value());
        }

        Cursor cursor(String list) {
            return Cursor.of(list, monthly, slug);
        }

        @Override
        public int compareTo(Key other) {
            return Comparator.comparing(Key::monthly).thenComparing(Key::slug).compare(this, other);
        }
    }

    private List<PlanRow> read(TenantId tenant, @Nullable Key after, Limit most) {
        return after == null
                ? rows.findByTenantOrderByMonthlyAscSlugAsc(tenant.value(), most)
                : rows.findAfter(tenant.value(), after.monthly, after.slug, most);
    }

    /** The plan as it is, or was at the moment. */
    private PlanView newest(TenantId tenant, PlanSlug slug, @Nullable Moment moment) {
        if (moment != null) {
            return pastPlans
                    .one(tenant, slug, moment)
                    .orElseThrow(() -> Problem.PLAN_NOT_FOUND.because("there was no plan " + slug));
        }
        return rows.findByTenantAndSlug(tenant.value(), slug.value())
                .orElseThrow(() -> Problem.PLAN_NOT_FOUND.because("there is no plan " + slug))
                .view();
    }

    private static ResponseEntity<PlanView> answer(PlanView view, long position) {
        return ResponseEntity.ok()
                .eTag("\"" + view.version() + "\"")
                .header(LEDGER_POSITION, Long.toString(position))
                .body(view);
    }
}
