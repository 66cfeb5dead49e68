package ledger.query;

import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.api.TenantId;

/** An event as the ledger holds it: its position in the whole, its version in its stream, and whose it is. */
public record Recorded(long position, TenantId tenant, UUID stream, long version, LedgerEvent event) {}
