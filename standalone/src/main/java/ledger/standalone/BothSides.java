package ledger.standalone;

import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import ledger.command.CommandConfiguration;
import ledger.issuer.IssuerConfiguration;
import ledger.query.QueryConfiguration;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;

/** The command side and the query side in one application, and an issuer of tokens unless LEDGER_ISSUER_URI names another. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({CommandConfiguration.class, QueryConfiguration.class})
class BothSides {

    record Database(String url, String user, String password) {}

    /** Returns when it answers on {@code port}, or on any free one for 0. Its secrets are in {@code data}. Settings are {@code --name=value}. */
    static ConfigurableApplicationContext start(Database database, int port, Path data, String... settings) {
        try {
            return new SpringApplicationBuilder(sources())
                    // Each side names its own file: two of one name on a class path would shadow each other. The last
                    // one wins.
                    .properties("spring.config.name=command-side,query-side,standalone")
                    .bannerMode(Banner.Mode.OFF)
                    .logStartupInfo(false)
                    .run(Stream.concat(
                                    Stream.of(
                                            "--LEDGER_DATABASE_URL=" + database.url(),
                                            "--LEDGER_DATABASE_USER=" + database.user(),
                                            "--LEDGER_DATABASE_PASSWORD=" + database.password(),
                                            "--ledger.issuer.data=" + data,
                                            "--LEDGER_PORT=" + port),
                                    Stream.of(settings))
                            .toArray(String[]::new));
        } catch (RuntimeException e) {
            // What happened has been logged in full.
            throw new CannotGoOn("the ledger did not start: "
                    + NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
    }

    private static Class<?>[] sources() {
        return hasItsOwnIssuer()
                ? new Class<?>[] {BothSides.class, IssuerConfiguration.class}
                : new Class<?>[] {BothSides.class};
    }

    static boolean hasItsOwnIssuer() {
        return Objects.requireNonNullElse(System.getenv("LEDGER_ISSUER_URI"), "")
                .isBlank();
    }
}
