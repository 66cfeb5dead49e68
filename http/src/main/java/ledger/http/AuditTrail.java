package ledger.http;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import javax.sql.DataSource;
import ledger.api.AuditEvent;
import ledger.api.EventType;
import ledger.api.EventTypes;
import ledger.api.TenantId;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Writes into the ledger who used an auditor's means, on what and when, before that is answered. Customers who look at their own and
 * readers of what is open to everybody audit nothing, and are not recorded.
 */
public final class AuditTrail {

    private static final Set<Role> RECORDED = EnumSet.of(Role.MANAGER, Role.OPERATOR, Role.AUDITOR, Role.ADMIN);

    private static final String NOT_RECORDED = "what is not recorded is not answered";

    private static final String RECORD = "select ledger.audit(?, ?, ?, ?, ?, ?::json, ?::json)";

    /** The kind of use: the constructor of an event. */
    @FunctionalInterface
    public interface Use {
        AuditEvent of(Instant at, String actor, String resource, Map<String, String> parameters);
    }

    private final DataSource ledger;
    private final Function<TenantId, Instant> clock;
    private final Function<Object, String> json;

    /** {@code json} writes an event as the ledger stores it. */
    public AuditTrail(DataSource ledger, Function<TenantId, Instant> clock, Function<Object, String> json) {
        this.ledger = ledger;
        this.clock = clock;
        this.json = json;
    }

    /** This thread's request, with the parameters of its query; returns once it is durable. */
    public void record(Caller caller, Use use) {
        record(caller, use, Map.of());
    }

    /** The same with what a body says. */
    public void record(Caller caller, Use use, Map<String, String> body) {
        await(begin(caller, use, body));
    }

    /** The same while the answer is being found, which must {@link #await} it. */
    public Future<?> begin(Caller caller, Use use) {
        return begin(caller, use, Map.of());
    }

    public static void await(Future<?> recorded) {
        try {
            recorded.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(NOT_RECORDED, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(NOT_RECORDED, e.getCause());
        }
    }

    private Future<?> begin(Caller caller, Use use, Map<String, String> body) {
        if (caller.roles().stream().noneMatch(RECORDED::contains)) {
            return CompletableFuture.completedFuture(null);
        }
        HttpServletRequest request =
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        Map<String, String> parameters = new TreeMap<>(body);
        request.getParameterMap().forEach((name, values) -> parameters.put(name, values[0]));
        AuditEvent event = use.of(clock.apply(caller.tenant()), caller.actor(), request.getRequestURI(), parameters);
        Map<String, String> metadata = new TreeMap<>(Map.of(
                "actor", caller.actor(),
                "cause", "request",
                "causationId", UUID.randomUUID().toString(),
                "correlationId", CorrelationId.current().value()));
        FutureTask<?> storing = new FutureTask<>(() -> store(caller, event, metadata));
        Thread.ofVirtual().name("audit").start(storing);
        return storing;
    }

    private boolean store(Caller caller, AuditEvent event, Map<String, String> metadata) throws SQLException {
        EventType type = EventTypes.of(event.getClass());
        try (Connection connection = ledger.getConnection();
                PreparedStatement audit = connection.prepareStatement(RECORD)) {
            audit.setString(1, caller.tenant().value());
            audit.setString(2, caller.actor());
            audit.setString(3, type.value());
            audit.setInt(4, type.revision());
            audit.setObject(5, event.at().atOffset(ZoneOffset.UTC));
            audit.setString(6, json.apply(event));
            audit.setString(7, json.apply(metadata));
            return audit.execute();
        }
    }
}
