package ledger.crash;

import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import ledger.crash.Counter.Use;
import ledger.crash.Exchange.Reply;
import ledger.crash.Exchange.Request;
import ledger.crash.Linearizability.Model;
import ledger.crash.Linearizability.Operation;
import ledger.crash.Version.Change;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Something that all clients want at once, and the history of what they did to it. */
abstract sealed class Contest<O> {

    private final Queue<Operation<O>> history = new ConcurrentLinkedQueue<>();

    /** Asks for something. */
    abstract Request next(SplittableRandom random, Traffic.Names names);

    /** What was asked and answered; null where it was never started. */
    abstract @Nullable O operation(Request request, @Nullable Reply reply);

    abstract boolean isLinearizable(List<Operation<O>> operations);

    final void record(Request request, @Nullable Reply reply, long called, long answered) {
        O operation = operation(request, reply);
        if (operation != null) {
            history.add(new Operation<>(operation, called, reply == null ? Linearizability.NEVER : answered));
        }
    }

    final int size() {
        return history.size();
    }

    final boolean isLinearizable() {
        return isLinearizable(List.copyOf(history));
    }

    /** Others changed the same thing again and again, and the node gave up: nothing was done. */
    private static boolean gaveUp(@Nullable Reply reply) {
        return reply != null && reply.code().equals("conflict");
    }

    private static IllegalStateException unexpected(Request request, Reply reply) {
        return new IllegalStateException(request + " was answered " + reply);
    }

    /** The one live subscription of a customer. */
    static final class OfClaim extends Contest<Claim> {

        private final String customer;
        private final AtomicReference<@Nullable String> holder = new AtomicReference<>();

        OfClaim(String customer) {
            this.customer = customer;
        }

        @Override
        Request next(SplittableRandom random, Traffic.Names names) {
            String held = holder.get();
            return held == null || random.nextInt(3) == 0
                    ? names.post("/v1/subscriptions", """
                            {"subscriptionId": "%s", "customerId": "%s", "plan": "pro", "term": {"every": 1, "unit": "MONTH"}}""".formatted(Traffic.uuid(random), customer))
                    : names.post("/v1/subscriptions/" + held + "/cancellation", "{\"when\": \"NOW\"}");
        }

        @Override
        @Nullable
        Claim operation(Request request, @Nullable Reply reply) {
            boolean takes = request.path().equals("/v1/subscriptions");
            String subscription = takes
                    ? JsonMapper.shared()
                            .readTree(request.body())
                            .path("subscriptionId")
                            .asString()
                    : request.path().split("/")[3];
            if (gaveUp(reply)) {
                return null;
            }
            if (reply != null && reply.isDone()) {
                holder.set(takes ? subscription : null);
            }
            Claim.Outcome outcome = outcome(request, reply);
            return takes ? new Claim.Take(subscription, outcome) : new Claim.Give(subscription, outcome);
        }

        private static Claim.Outcome outcome(Request request, @Nullable Reply reply) {
            if (reply == null) {
                return Claim.Outcome.UNKNOWN;
            }
            if (reply.isDone()) {
                return Claim.Outcome.DONE;
            }
            if (reply.code().equals("live-subscription-exists")) {
                return Claim.Outcome.REFUSED;
            }
            throw unexpected(request, reply);
        }

        @Override
        boolean isLinearizable(List<Operation<Claim>> operations) {
            return Linearizability.holds(Claim.MODEL, operations);
        }
    }

    /** The seats of one subscription, of which there are few. */
    static final class OfSeats extends Contest<Use> {

        static final int SEATS = 12;

        private final String subscription;

        OfSeats(String subscription) {
            this.subscription = subscription;
        }

        @Override
        Request next(SplittableRandom random, Traffic.Names names) {
            int quantity = random.nextInt(1, 5) * (random.nextInt(5) < 2 ? -1 : 1);
            return names.post(
                    "/v1/subscriptions/" + subscription + "/usage",
                    "{\"metric\": \"seats\", \"quantity\": %d}".formatted(quantity));
        }

        @Override
        @Nullable
        Use operation(Request request, @Nullable Reply reply) {
            long quantity = JsonMapper.shared()
                    .readTree(request.body())
                    .path("quantity")
                    .asLong();
            if (reply == null) {
                return new Use(quantity, new Counter.Outcome.Unknown());
            }
            if (reply.isDone()) {
                long used =
                        JsonMapper.shared().readTree(reply.body()).path("used").asLong();
                return new Use(quantity, new Counter.Outcome.Granted(used));
            }
            return switch (reply.code()) {
                case "conflict" -> null;
                case "limit-exceeded", "not-taken" -> new Use(quantity, new Counter.Outcome.Refused());
                default -> throw unexpected(request, reply);
            };
        }

        @Override
        boolean isLinearizable(List<Operation<Use>> operations) {
            Model<Long, Use> seats = new Counter(SEATS);
            return Linearizability.holds(seats, operations);
        }
    }

    /** The version of one subscription, whose quantity everybody changes, most of them only if it is what they know. */
    static final class OfVersion extends Contest<Change> {

        private final String subscription;
        private final AtomicLong known = new AtomicLong();
        private final AtomicLong quantity = new AtomicLong(1);

        OfVersion(String subscription) {
            this.subscription = subscription;
        }

        @Override
        Request next(SplittableRandom random, Traffic.Names names) {
            Long expected = random.nextInt(3) == 0 ? null : known.get();
            return names.post(
                    "/v1/subscriptions/" + subscription + "/quantity-change",
                    "{\"quantity\": %d}".formatted(quantity.incrementAndGet()),
                    expected);
        }

        @Override
        @Nullable
        Change operation(Request request, @Nullable Reply reply) {
            if (reply == null) {
                return new Change(request.expected(), new Version.Outcome.Unknown());
            }
            if (reply.isDone()) {
                long version = reply.version();
                known.accumulateAndGet(version, Math::max);
                return new Change(request.expected(), new Version.Outcome.Changed(version));
            }
            return switch (reply.code()) {
                case "conflict" -> null;
                case "version-mismatch" -> new Change(request.expected(), new Version.Outcome.Mismatch());
                default -> throw unexpected(request, reply);
            };
        }

        @Override
        boolean isLinearizable(List<Operation<Change>> operations) {
            return Linearizability.holds(new Version(), operations);
        }
    }
}
