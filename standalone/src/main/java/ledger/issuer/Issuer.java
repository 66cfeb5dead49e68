package ledger.issuer;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** {@code url} is what it calls itself in tokens; {@code data} is where the admin client's secret is left for its owner. */
@ConfigurationProperties("ledger.issuer")
record Issuer(String url, Path data) {}
