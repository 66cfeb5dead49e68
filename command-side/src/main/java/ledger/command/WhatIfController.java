package ledger.command;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import ledger.api.AuditEvent.WhatIfAsked;
import ledger.api.InvalidField;
import ledger.api.LedgerEvent;
import ledger.api.Offer;
import ledger.api.PlanSlug;
import ledger.api.Problem;
import ledger.api.SubscriptionEvent;
import ledger.api.SubscriptionId;
import ledger.api.TenantId;
import ledger.api.Term;
import ledger.command.domain.Decide;
import ledger.command.domain.SubscriptionState.Known;
import ledger.command.domain.WhatIf;
import ledger.command.domain.WhatIf.Assumption;
import ledger.command.store.StoredJson;
import ledger.command.store.Streams;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.AuditTrail;
import ledger.http.Caller;
import ledger.http.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Asks the decisions what they would have been. It stores nothing but that it was asked. */
@RestController
final class WhatIfController {

    private final Streams streams;
    private final Catalogue catalogue;
    private final TenantTime time;
    private final AuditTrail audit;

    WhatIfController(
            Streams streams, Catalogue catalogue, TenantTime time, @Qualifier("ledgerDataSource") DataSource ledger) {
        this.streams = streams;
        this.catalogue = catalogue;
        this.time = time;
        this.audit = new AuditTrail(ledger, time::now, StoredJson.MAPPER::writeValueAsString);
    }

    /** {@code plan}, {@code term} or both, from {@code from} on (absent: from the start); or {@code zone}, from the start. */
    record Assuming(
            @Nullable PlanSlug plan,
            @Nullable Term term,
            @Nullable ZoneId zone,
            @Nullable Instant from) {

        Assuming {
            if (plan == null && term == null && zone == null) {
                throw new InvalidField("plan", "or term or zone is required");
            }
            if (from != null && zone != null) {
                throw new InvalidField("from", "must be absent with a zone: a subscription keeps that of its start");
            }
        }

        Map<String, String> parameters() {
            Map<String, String> given = new TreeMap<>();
            Optional.ofNullable(plan).ifPresent(it -> given.put("plan", it.value()));
            Optional.ofNullable(term).ifPresent(it -> given.put("term", it.every() + " " + it.unit()));
            Optional.ofNullable(zone).ifPresent(it -> given.put("zone", it.getId()));
            Optional.ofNullable(from).ifPresent(it -> given.put("from", it.toString()));
            return given;
        }
    }

    /** The history as it would have been under another plan, term or zone, beside the one that was. */
    @Allowed({Role.OPERATOR, Role.AUDITOR})
    @PostMapping("/v1/subscriptions/{id}/what-if")
    @ApiResponse(responseCode = "200", description = "Nothing has changed")
    @Answers({
        Problem.SUBSCRIPTION_NOT_FOUND,
        Problem.NOT_LIVE,
        Problem.UNKNOWN_PLAN,
        Problem.NO_PRICE_FOR_TERM,
        Problem.OTHER_PRODUCT,
        Problem.OTHER_CURRENCY,
        Problem.SUBSCRIPTION_ENDED,
        Problem.AMOUNT_TOO_LARGE,
        Problem.AS_OF_IN_FUTURE
    })
    WhatIfView whatIf(@PathVariable SubscriptionId id, @RequestBody Assuming body, Caller caller) {
        List<SubscriptionEvent> history = history(caller, id);
        Instant now = time.now(caller.tenant());
        if (body.from != null && body.from.isAfter(now)) {
            throw Problem.AS_OF_IN_FUTURE.because("from is later than now, " + now);
        }
        Assumption assumed = new Assumption(offer(caller.tenant(), history, body), body.zone, body.from);
        WhatIfView view = WhatIfView.of(WhatIf.actual(history, now), WhatIf.replay(history, assumed, now), now);
        audit.record(caller, WhatIfAsked::new, body.parameters());
        return view;
    }

    private List<SubscriptionEvent> history(Caller caller, SubscriptionId id) {
        List<LedgerEvent> events = streams.events(caller.tenant(), id.value());
        if (events.isEmpty() || !(events.getFirst() instanceof SubscriptionEvent)) {
            throw Problem.SUBSCRIPTION_NOT_FOUND.because("there is no subscription " + id);
        }
        return events.stream().map(SubscriptionEvent.class::cast).toList();
    }

    /** Another plan at its newest version; another term of the version that it had then. */
    private @Nullable Offer offer(TenantId tenant, List<SubscriptionEvent> history, Assuming body) {
        if (body.plan == null && body.term == null) {
            return null;
        }
        Instant since = body.from == null ? history.getFirst().at() : body.from;
        if (!(Decide.asOf(history, since) instanceof Known known)) {
            throw Problem.NOT_LIVE.because("it had not started at " + since);
        }
        Offer had = known.contract().deal().offer();
        Term term = body.term == null ? had.price().term() : body.term;
        return body.plan == null
                ? catalogue.offer(tenant, had.plan().slug(), had.plan().version(), term)
                : catalogue.offer(tenant, body.plan, null, term);
    }
}
