package ledger.query.feed;

import com.github.benmanes.caffeine.cache.Cache;
import java.time.Duration;
import ledger.api.AuditEvent.LedgerFollowed;
import ledger.api.TenantId;
import ledger.http.AuditTrail;
import ledger.http.Caches;
import ledger.http.Caller;
import org.springframework.stereotype.Component;

/**
 * Records who reads the feed: once for all that somebody reads within a while. A record is an event of the feed itself, so that one
 * for each page would show a reader nothing but itself, for ever.
 */
@Component
final class Visits {

    private record Reader(TenantId tenant, String actor) {}

    private final AuditTrail audit;
    private final Cache<Reader, Boolean> known = Caches.builder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    Visits(AuditTrail audit) {
        this.audit = audit;
    }

    void record(Caller caller) {
        var _ = known.get(new Reader(caller.tenant(), caller.actor()), _ -> {
            audit.record(caller, LedgerFollowed::new);
            return true;
        });
    }
}
