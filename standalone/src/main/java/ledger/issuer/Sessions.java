package ledger.issuer;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import ledger.api.CustomerId;
import ledger.api.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The refresh tokens of customers. Each is good once and replaced by the next. One that comes a second time was stolen, either
 * then or before: all that descend from the same login end.
 */
final class Sessions {

    private static final Duration GOOD_FOR = Duration.ofDays(30);

    record Renewed(CustomerId customer, String refreshToken) {}

    private record Stored(UUID family, String customer, boolean used) {}

    private final JdbcClient database;
    private final TransactionTemplate transaction;

    Sessions(DataSource database) {
        this.database = JdbcClient.create(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /** The first refresh token after a login. */
    String begin(CustomerId customer) {
        database.sql("delete from accounts.refresh_token where customer_id = ? and expires_at < clock_timestamp()")
                .param(customer.value())
                .update();
        return issue(UUID.randomUUID(), customer);
    }

    Renewed renew(String token) {
        Optional<Renewed> renewed = transaction.execute(_ -> exchange(token));
        return renewed.orElseThrow(() -> Problem.WRONG_CREDENTIALS.because("log in again"));
    }

    private Optional<Renewed> exchange(String token) {
        byte[] hash = Secrets.hash(token);
        Optional<Stored> stored = database.sql("select family, customer_id, used from accounts.refresh_token "
                        + "where hash = ? and expires_at > clock_timestamp() for update")
                .param(hash)
                .query((row, _) -> new Stored(row.getObject(1, UUID.class), row.getString(2), row.getBoolean(3)))
                .optional();
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        if (stored.get().used) {
            database.sql("delete from accounts.refresh_token where family = ?")
                    .param(stored.get().family)
                    .update();
            return Optional.empty();
        }
        database.sql("update accounts.refresh_token set used = true where hash = ?")
                .param(hash)
                .update();
        CustomerId customer = new CustomerId(stored.get().customer);
        return Optional.of(new Renewed(customer, issue(stored.get().family, customer)));
    }

    private String issue(UUID family, CustomerId customer) {
        String token = Secrets.random();
        database.sql("insert into accounts.refresh_token (hash, family, customer_id, expires_at) "
                        + "values (?, ?, ?, clock_timestamp() + make_interval(secs => ?))")
                .params(Secrets.hash(token), family, customer.value(), GOOD_FOR.toSeconds())
                .update();
        return token;
    }
}
