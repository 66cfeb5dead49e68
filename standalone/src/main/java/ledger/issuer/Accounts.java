package ledger.issuer;

import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import ledger.api.CustomerId;
import ledger.api.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;

/** The customers who have a password here. Their ids are opaque, so that nothing personal gets into events. */
final class Accounts {

    private record Account(String customer, String password) {}

    private final JdbcClient database;
    private final PasswordEncoder passwords;
    private final Account nobody;

    Accounts(DataSource database, PasswordEncoder passwords) {
        this.database = JdbcClient.create(database);
        this.passwords = passwords;
        this.nobody = new Account("", encoded(Secrets.random()));
    }

    CustomerId register(String email, String password) {
        CustomerId customer = new CustomerId(UUID.randomUUID().toString());
        int registered = database.sql("insert into accounts.account (customer_id, email, password) values (?, ?, ?) "
                        + "on conflict (email) do nothing")
                .params(customer.value(), email, encoded(password))
                .update();
        if (registered == 0) {
            throw Problem.EMAIL_TAKEN.because("log in instead");
        }
        return customer;
    }

    /** Takes the same time whether there is no such account or the password is another one. */
    CustomerId authenticate(String email, String password) {
        Optional<Account> found = database.sql("select customer_id, password from accounts.account where email = ?")
                .param(email)
                .query((row, _) -> new Account(row.getString(1), row.getString(2)))
                .optional();
        boolean matches = passwords.matches(password, found.orElse(nobody).password);
        return found.filter(_ -> matches)
                .map(account -> new CustomerId(account.customer))
                .orElseThrow(() -> Problem.WRONG_CREDENTIALS.because("the e-mail address or the password is wrong"));
    }

    private String encoded(String password) {
        return String.valueOf(passwords.encode(password));
    }
}
