package ledger.command.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import ledger.api.TenantId;
import ledger.command.domain.Claims;
import ledger.command.store.Append.Guard;
import ledger.command.store.Append.NewEvent;
import ledger.command.store.Append.Outcome;
import ledger.command.store.Append.Outcome.Answered;
import ledger.command.store.Append.Outcome.Lost;
import ledger.command.store.Append.Outcome.Stored;
import ledger.command.store.Append.Outcome.Taken;
import org.jspecify.annotations.Nullable;

/**
 * Decides, in memory and in order of arrival, which appends of a batch are stored. It starts from what the database holds under
 * the append lock and carries on as if each winner were stored at once: a loser fails alone.
 */
final class Batch {

    record ClaimKey(TenantId tenant, String scope, String key) {}

    record Slot(ClaimKey key, int number, UUID stream) {}

    /** Whatever the stream holds of the key. */
    record Released(ClaimKey key, UUID stream) {}

    record AnswerKey(TenantId tenant, String actor, String key) {}

    record Given(TenantId tenant, Answer answer) {}

    /** What the database held when the lock was taken, as far as this batch can touch it. */
    record Known(
            long position,
            Map<UUID, Long> versions,
            Map<ClaimKey, TreeMap<Integer, UUID>> claims,
            Map<AnswerKey, Answer> answers) {}

    final List<Append> winners = new ArrayList<>();
    final List<Slot> taken = new ArrayList<>();
    final List<Released> released = new ArrayList<>();
    final List<Given> answers = new ArrayList<>();

    private final Known known;
    private final long start;
    private long position;

    Batch(Known known) {
        this.known = known;
        this.start = known.position();
        this.position = known.position();
    }

    /** The position before the batch. */
    long start() {
        return start;
    }

    long position() {
        return position;
    }

    Outcome add(Append append) {
        Answer answer = append.answer();
        if (answer != null && known.answers().get(key(append.tenant(), answer)) instanceof Answer first) {
            return new Answered(first);
        }
        if (!append.guards().stream().allMatch(this::holds)) {
            return new Lost(false);
        }
        if (!append.events().isEmpty()
                && version(append.events().getFirst())
                        != append.events().getFirst().version() - 1) {
            return new Lost(append.events().getFirst().version() == 0);
        }
        List<Slot> slots = new ArrayList<>();
        Set<ClaimKey> given = new HashSet<>();
        for (Claims claim : append.claims()) {
            ClaimKey key = new ClaimKey(append.tenant(), claim.scope(), claim.key());
            switch (claim) {
                case Claims.Release _ -> {
                    given.add(key);
                    slots.removeIf(slot -> slot.key().equals(key));
                }
                case Claims.Take take -> {
                    Slot slot = free(key, take, stream(append), given.contains(key));
                    if (slot == null) {
                        return new Taken(take.scope(), take.key());
                    }
                    slots.add(slot);
                }
            }
        }
        return store(append, slots, given);
    }

    private Outcome store(Append append, List<Slot> slots, Set<ClaimKey> given) {
        for (NewEvent event : append.events()) {
            known.versions().put(event.stream(), event.version());
        }
        position += append.events().size();
        given.forEach(key -> release(new Released(key, stream(append))));
        for (Slot slot : slots) {
            taken.add(slot);
            known.claims().computeIfAbsent(slot.key(), _ -> new TreeMap<>()).put(slot.number(), slot.stream());
        }
        long last = append.events().isEmpty() && append.answer() != null
                ? append.answer().position()
                : position;
        if (append.answer() != null) {
            Answer stored = append.answer().at(last);
            answers.add(new Given(append.tenant(), stored));
            known.answers().put(key(append.tenant(), stored), stored);
        }
        winners.add(append);
        return new Stored(last);
    }

    /** For those behind it in the batch too; the database gives back before it takes. */
    private void release(Released claim) {
        released.add(claim);
        taken.removeIf(slot -> slot.key().equals(claim.key()) && slot.stream().equals(claim.stream()));
        Map<Integer, UUID> holders = known.claims().get(claim.key());
        if (holders != null) {
            holders.values().removeIf(claim.stream()::equals);
        }
    }

    private boolean holds(Guard guard) {
        return known.versions().getOrDefault(guard.stream(), -1L) == guard.version();
    }

    private long version(NewEvent first) {
        return known.versions().getOrDefault(first.stream(), -1L);
    }

    /** The lowest free slot, or null. What the same append gives back ({@code regiven}) counts as free. */
    private @Nullable Slot free(ClaimKey key, Claims.Take take, UUID stream, boolean regiven) {
        Map<Integer, UUID> slots = known.claims().getOrDefault(key, new TreeMap<>());
        long held = slots.values().stream()
                .filter(holder -> !(regiven && holder.equals(stream)))
                .count();
        if (take.most() != null && held >= take.most()) {
            return null;
        }
        int number = 1;
        while (slots.containsKey(number) && !(regiven && stream.equals(slots.get(number)))) {
            number++;
        }
        return new Slot(key, number, stream);
    }

    private static UUID stream(Append append) {
        return append.events().getFirst().stream();
    }

    private static AnswerKey key(TenantId tenant, Answer answer) {
        return new AnswerKey(tenant, answer.actor(), answer.key());
    }
}
