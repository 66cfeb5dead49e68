package ledger.command;

import java.time.Instant;
import java.util.List;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import ledger.command.store.Memory;

/** What an aggregate needs from outside itself to carry out a decision. */
interface World {

    /** What time it is for a tenant: real, or simulated. */
    Instant now(TenantId tenant);

    /** Remembers the aggregate as it is after its events, once they are stored. */
    void keep(Memory aggregate);

    /** Takes and gives back claims in the commit of the events that say so. */
    void claim(List<Claims> changes);
}
