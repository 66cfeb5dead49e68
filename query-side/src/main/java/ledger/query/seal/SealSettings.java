package ledger.query.seal;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code on}: this node takes part in sealing. {@code key} is the file with the key; {@code origin} is what the ledger calls
 * itself in its checkpoints, from the first one on. Both may be empty. {@code pace} is the time from one checkpoint to the next.
 */
@ConfigurationProperties("ledger.seal")
record SealSettings(
        boolean on,
        String key,
        String origin,
        @DefaultValue("1s") Duration pace) {}
