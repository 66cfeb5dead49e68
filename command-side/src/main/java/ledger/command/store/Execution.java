package ledger.command.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import ledger.api.CustomerId;
import ledger.api.Rejected;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import ledger.command.store.Append.DueChange;
import ledger.command.store.Append.Guard;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one command: what belongs into its commit besides its events, and where in the ledger it ended. Bound to
 * the command's thread, since Axon's event storage is handed nothing but the events.
 */
public final class Execution {

    static final ScopedValue<Execution> CURRENT = ScopedValue.newInstance();

    /** Who repeats a request is known by this: actor, key and the SHA-256 of the request. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    public record Key(String actor, String value, byte[] request) {

        Answer answer(UUID stream, long version, long position) {
            return new Answer(actor, value, request, stream, version, position, null);
        }

        Answer answer(Rejected rejected) {
            return new Answer(actor, value, request, null, -1, 0, rejected);
        }
    }

    private final TenantId tenant;
    private final @Nullable CustomerId owner;
    private final @Nullable Key key;
    private final boolean fresh;
    private final List<Guard> guards = new ArrayList<>();
    private final List<Claims> claims = new ArrayList<>();
    private @Nullable DueChange due;
    private @Nullable Memory memory;
    private boolean recalled;
    private boolean lastIsEnough;
    private long position;
    private boolean appended;

    /**
     * @param owner the customer on whose behalf it is, for whom the subscriptions of others are not there; null for all others
     * @param fresh whether it must be decided on what the ledger holds now, not on what this node remembers
     */
    public Execution(TenantId tenant, @Nullable CustomerId owner, @Nullable Key key, boolean fresh) {
        this.tenant = tenant;
        this.owner = owner;
        this.key = key;
        this.fresh = fresh;
    }

    public static Execution current() {
        return CURRENT.get();
    }

    public <T> T run(ScopedValue.CallableOp<T, RuntimeException> command) {
        return ScopedValue.where(CURRENT, this).call(command);
    }

    public TenantId tenant() {
        return tenant;
    }

    public @Nullable CustomerId owner() {
        return owner;
    }

    /** The decision depends on this stream staying at this version. */
    public void guard(UUID stream, long version) {
        guards.add(new Guard(stream, version));
    }

    /** What the events take and give back. */
    public void claim(List<Claims> changes) {
        claims.addAll(changes);
    }

    public void arm(UUID stream, Instant at, String what) {
        due = new DueChange(tenant, stream, at, what);
    }

    public void disarm(UUID stream) {
        due = new DueChange(tenant, stream, null, null);
    }

    /** The position of the last event that was stored or, where none was, read. */
    public long position() {
        return position;
    }

    public boolean appended() {
        return appended;
    }

    /** What the aggregate is after its events, to be remembered once they are stored. */
    public void keep(Memory aggregate) {
        memory = aggregate;
    }

    /** Says that each event of the stream tells all that earlier ones did, so that reading the last one is enough. */
    public void lastEventIsEnough() {
        lastIsEnough = true;
    }

    /**
     * Whether it has ended without a word from the ledger: it was decided on what this node remembered, and nothing was stored.
     * Another node may know better, so that it is to be decided again, on fresh data.
     */
    public boolean isUnconfirmed() {
        return recalled && !appended;
    }

    /** It is decided on something that this node remembered. */
    public void recall() {
        recalled = !fresh;
    }

    void recall(long last) {
        position = last;
        recall();
    }

    boolean recalled() {
        return recalled;
    }

    boolean isLastEnough() {
        return lastIsEnough;
    }

    @Nullable
    Memory memory() {
        return memory;
    }

    void read(long last) {
        position = last;
    }

    void stored(long last) {
        position = last;
        appended = true;
    }

    Append append(List<Append.NewEvent> events) {
        var last = events.getLast();
        Answer answer = key == null ? null : key.answer(last.stream(), last.version(), 0);
        return new Append(tenant, events, List.copyOf(claims), due, List.copyOf(guards), answer);
    }

    @Nullable
    Key key() {
        return key;
    }
}
