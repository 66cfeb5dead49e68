package ledger.issuer;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import ledger.api.CustomerId;
import ledger.api.InvalidField;
import ledger.api.Problem;
import ledger.http.Allowed;
import ledger.http.Answers;
import ledger.http.Buckets;
import ledger.http.Caller;
import ledger.http.IdempotencyKey;
import ledger.http.Role;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Customers of the default tenant: they register, log in, and stay logged in. */
@RestController
final class AccountController {

    private static final Pattern EMAIL = Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,189}");
    private static final int SHORTEST = 8;

    /** bcrypt looks at no more. */
    private static final int LONGEST_BYTES = 72;

    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final Accounts accounts;
    private final Sessions sessions;
    private final Mint mint;
    private final Repeats repeats;
    private final Buckets loginsOfAccount = new Buckets("logins", 10, WINDOW);
    private final Buckets failuresOfAddress = new Buckets("failed-logins", 100, WINDOW);
    private final Buckets registrations = new Buckets("registrations", 1000, WINDOW);

    AccountController(Accounts accounts, Sessions sessions, Mint mint, Repeats repeats) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.mint = mint;
        this.repeats = repeats;
    }

    record Registration(String email, String password) {

        Registration {
            email = address(email);
            if (password.codePointCount(0, password.length()) < SHORTEST
                    || password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
                throw new InvalidField("password", "must be at least 8 characters and at most 72 bytes");
            }
        }
    }

    record Registered(CustomerId customerId) {}

    @PostMapping("/v1/accounts")
    @Allowed(Role.ANONYMOUS)
    @ApiResponse(responseCode = "201", description = "There is an account now")
    @Answers(Problem.EMAIL_TAKEN)
    ResponseEntity<Registered> register(
            @RequestBody Registration body,
            IdempotencyKey key,
            HttpServletRequest request,
            HttpServletResponse response) {
        registrations.require(request.getRemoteAddr(), response);
        return ResponseEntity.status(201)
                .body(repeats.once(
                        body.email(),
                        key,
                        body,
                        Registered.class,
                        () -> new Registered(accounts.register(body.email(), body.password()))));
    }

    record Login(String email, String password) {

        Login {
            email = address(email);
        }
    }

    private static String address(String email) {
        String address = email.strip().toLowerCase(Locale.ROOT);
        if (!EMAIL.matcher(address).matches()) {
            throw new InvalidField("email", "must be an e-mail address");
        }
        return address;
    }

    record Session(String accessToken, String refreshToken, String tokenType, long expiresIn) {}

    @PostMapping("/v1/sessions")
    @Allowed(Role.ANONYMOUS)
    @Answers(Problem.WRONG_CREDENTIALS)
    Session login(
            @RequestBody Login body, IdempotencyKey key, HttpServletRequest request, HttpServletResponse response) {
        String address = request.getRemoteAddr();
        return repeats.once(body.email(), key, body, Session.class, () -> login(body, address, response));
    }

    private Session login(Login body, String address, HttpServletResponse response) {
        String email = body.email();
        failuresOfAddress.require(address, response);
        loginsOfAccount.require(email, response);
        CustomerId customer = accounts.authenticate(email, body.password());
        failuresOfAddress.giveBack(address);
        loginsOfAccount.giveBack(email);
        return session(customer, sessions.begin(customer));
    }

    record Refresh(String refreshToken) {}

    /** Good once; a token that comes a second time ends the session. */
    @PostMapping("/v1/sessions/refresh")
    @Allowed(Role.ANONYMOUS)
    @Answers(Problem.WRONG_CREDENTIALS)
    Session refresh(@RequestBody Refresh body, IdempotencyKey key) {
        return repeats.once(body.refreshToken(), key, body, Session.class, () -> {
            Sessions.Renewed renewed = sessions.renew(body.refreshToken());
            return session(renewed.customer(), renewed.refreshToken());
        });
    }

    private Session session(CustomerId customer, String refreshToken) {
        Mint.Token token =
                mint.token(customer.value(), Caller.DEFAULT_TENANT, List.of(Role.CUSTOMER), Mint.OF_CUSTOMERS);
        return new Session(token.accessToken(), refreshToken, token.tokenType(), token.expiresIn());
    }
}
