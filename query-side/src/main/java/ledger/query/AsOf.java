package ledger.query;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Parameters of a query that can also be asked about the past. */
public record AsOf(
        @Schema(description = "How it held then, in the tenant's time; not in the future") @Nullable
        Instant asOf,

        @Schema(
                description =
                        "With asOf: as far as the ledger had been told by then; not before asOf, not in the future")
        @Nullable
        Instant knownAt) {}
