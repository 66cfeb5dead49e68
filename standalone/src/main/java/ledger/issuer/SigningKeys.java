package ledger.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The keys that sign tokens, the one in use first. They are the database's, so that they survive restarts and all nodes have
 * the same; a node hears of a change by others after ten seconds, or when it meets a key that it does not know.
 */
final class SigningKeys implements JWKSource<SecurityContext> {

    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    private static final Duration REST = Duration.ofSeconds(1);
    private static final int BITS = 2048;

    private record Known(JWKSet keys, long readAt) {
        boolean isOlderThan(Duration age) {
            return System.nanoTime() - readAt > age.toNanos();
        }
    }

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private volatile @Nullable Known known;

    SigningKeys(DataSource database) {
        this.database = JdbcClient.create(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        if (read().keys.isEmpty()) {
            rotate();
        }
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
        Known current = known;
        if (current == null || current.isOlderThan(REMEMBERED)) {
            current = read();
        }
        List<JWK> found = selector.select(current.keys);
        return found.isEmpty() && current.isOlderThan(REST) ? selector.select(read().keys) : found;
    }

    /** Signs with a new key from now on; the others are published until every token that they signed has ended. */
    String rotate() {
        RSAKey key = generate();
        transaction.executeWithoutResult(_ -> {
            database.sql("delete from accounts.signing_key where retires_at < clock_timestamp()")
                    .update();
            database.sql("update accounts.signing_key set retires_at = clock_timestamp() + make_interval(secs => ?) "
                            + "where retires_at is null")
                    .param(Mint.LONGEST.plus(REMEMBERED).plusMinutes(1).toSeconds())
                    .update();
            database.sql("insert into accounts.signing_key (kid, jwk) values (?, ?)")
                    .params(key.getKeyID(), key.toJSONString())
                    .update();
        });
        read();
        return key.getKeyID();
    }

    private Known read() {
        List<JWK> keys = database.sql("select jwk from accounts.signing_key "
                        + "where retires_at is null or retires_at > clock_timestamp() "
                        + "order by retires_at desc nulls first, created_at desc")
                .query((row, _) -> parse(row.getString(1)))
                .list();
        Known read = new Known(new JWKSet(keys), System.nanoTime());
        known = read;
        return read;
    }

    private static JWK parse(String json) {
        try {
            return JWK.parse(json);
        } catch (ParseException e) {
            throw new IllegalStateException("a signing key in accounts.signing_key is not one", e);
        }
    }

    private static RSAKey generate() {
        try {
            return new RSAKeyGenerator(BITS)
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }
}
