package ledger.query;

import java.time.Instant;
import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.api.TenantId;

/** An event as the ledger holds it: its position in the whole, its version in its stream, whose it is, and since when. */
public record Recorded(
        long position, TenantId tenant, UUID stream, long version, Instant recordedAt, LedgerEvent event) {}
