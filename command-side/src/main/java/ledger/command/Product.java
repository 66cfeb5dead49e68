package ledger.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import ledger.api.LedgerEvent;
import ledger.api.ProductCommand.SetPolicy;
import ledger.api.ProductEvent;
import ledger.api.ProductEvent.PolicySet;
import ledger.api.ProductSlug;
import ledger.api.StreamIds;
import ledger.api.TenantId;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.SourceId;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/** What a tenant rules for a product, as Axon's aggregate. A product that nobody ruled on allows one live subscription. */
@AggregateRoot(type = "product")
final class Product {

    /** The policy as it is answered; {@code maxLivePerCustomer} is null where there is no bound. */
    record Policy(
            ProductSlug product,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Integer maxLivePerCustomer,

            long version) {}

    private static final int UNLESS_RULED = 1;

    @AggregateIdentifier
    private @Nullable String id;

    private @Nullable PolicySet policy;
    private long version = -1;

    Product() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Decided on(SetPolicy c, MetaData m, World w) {
        Stamp.requireVersion(m, version);
        TenantId tenant = Stamp.tenant(m);
        UUID stream = StreamIds.product(tenant, c.product());
        id = stream.toString();
        if (policy == null || !Objects.equals(policy.maxLivePerCustomer(), c.maxLivePerCustomer())) {
            AggregateLifecycle.apply(new PolicySet(c.product(), w.now(tenant), c.maxLivePerCustomer()), Stamp.by(m, c));
        }
        return decided(stream, c.product());
    }

    @EventSourcingHandler
    void on(ProductEvent event, @SourceId String source) {
        id = source;
        evolve(event);
    }

    /** The policy as it was after the given events, its first ones; without any, what holds unless ruled. */
    static Decided replay(UUID stream, ProductSlug product, List<? extends LedgerEvent> events) {
        Product replayed = new Product();
        events.forEach(event -> replayed.evolve((ProductEvent) event));
        return replayed.decided(stream, product);
    }

    private void evolve(ProductEvent event) {
        policy = switch (event) {
            case PolicySet set -> set;
        };
        version++;
    }

    private Decided decided(UUID stream, ProductSlug product) {
        Integer bound = policy == null ? Integer.valueOf(UNLESS_RULED) : policy.maxLivePerCustomer();
        return new Decided(stream, new Policy(product, bound, version), version);
    }
}
