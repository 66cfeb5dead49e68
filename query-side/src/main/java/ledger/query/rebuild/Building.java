package ledger.query.rebuild;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import ledger.query.Generation;
import ledger.query.OwnConnections;
import ledger.query.Progress;
import ledger.query.Progress.Place;
import ledger.query.Projection;
import ledger.query.Projections;
import ledger.query.UnreadEvent;
import ledger.query.Writing;
import ledger.query.job.Run;
import ledger.query.rebuild.Load.Plan;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Builds a generation aside, up to where what is served stands: in bulk, then by the same steps as the live one. */
@Component
@EnableConfigurationProperties(Building.Portions.class)
class Building {

    private static final int STEP = 1_000;

    /** How many events are folded at a time before their rows are written: a view takes about a kilobyte of memory. */
    @ConfigurationProperties("ledger.rebuild")
    record Portions(@DefaultValue("50000") int events) {}

    /** What the parts of it share. */
    @Component
    record Parts(JdbcTemplate database, OwnConnections reading, Writing writing, Progress progress, Tables tables) {

        private long count(String sql) {
            return Objects.requireNonNull(database.queryForObject(sql, Long.class));
        }
    }

    private final Parts parts;
    private final Projections projections;
    private final List<Projection> all;
    private final Portions portions;

    Building(Parts parts, Projections projections, List<Projection> all, Portions portions) {
        this.parts = parts;
        this.projections = projections;
        this.all = all;
        this.portions = portions;
    }

    /** At least to the end that the ledger has when it begins. */
    void build(Run run, Generation generation) {
        build(run, generation, this::head);
    }

    /** No further than what is served stands, however far behind the ledger that is. */
    void buildLevel(Run run, Generation generation) {
        build(run, generation, () -> target(generation));
    }

    private void build(Run run, Generation generation, LongSupplier end) {
        List<Projection> own = all.stream()
                .filter(projection -> projection.group().equals(generation.group()))
                .toList();
        Plan plan = run.checkpoint(Plan.class)
                .filter(_ -> parts.tables.exist(generation))
                .orElseGet(() -> begin(run, generation, end));
        index(run, generation, new Load(generation, parts, own, portions.events).run(run, plan));
        follow(run, generation);
    }

    /** Moves it on to where what is served stands, or to the end of the ledger if nothing is. */
    void follow(Run run, Generation generation) {
        for (long to = target(generation); position(generation) < to; to = target(generation)) {
            run.requireGoing();
            long most = to; // or what is compared with what is served would be ahead of it
            parts.writing.asProjector(() -> step(generation, most));
        }
    }

    /** In the caller's transaction: to exactly this position. */
    void followTo(Generation generation, long position) {
        while (position(generation) < position) {
            step(generation, position);
        }
    }

    private long position(Generation generation) {
        return parts.progress
                .of(generation)
                .map(Place::position)
                .orElseThrow(() -> new IllegalStateException(generation.schema() + " is gone"));
    }

    private long target(Generation generation) {
        return parts.progress
                .of(generation.at(Generation.Stage.SERVED))
                .map(Place::position)
                .orElseGet(this::head);
    }

    private long head() {
        return parts.count("select coalesce(max(position), 0) from ledger.event");
    }

    private boolean step(Generation generation, long most) {
        parts.tables.use(generation);
        Place place = parts.progress.lock(generation).orElseThrow();
        List<UnreadEvent> events = parts
                .database
                .execute((ConnectionCallback<List<UnreadEvent>>)
                        connection -> UnreadEvent.after(connection, place.position(), STEP))
                .stream()
                .filter(event -> event.position() <= most)
                .toList();
        if (!events.isEmpty()) {
            projections.intake(generation.group()).take(generation, place, events);
            parts.progress.advance(generation, events.getLast().position());
        }
        return true;
    }

    private Plan begin(Run run, Generation generation, LongSupplier end) {
        return parts.writing.asOwner(() -> {
            parts.tables.create(generation);
            long upto = end.getAsLong();
            Plan plan = Plan.of(upto);
            run.keep(plan);
            return plan;
        });
    }

    /** Keys one after the other, since each has the table for itself; then as many indexes at once as there are processors. */
    private void index(Run run, Generation generation, Plan loaded) {
        List<String> keys = parts.tables.keys(generation.group());
        for (int i = loaded.keys(); i < keys.size(); i++) {
            String key = keys.get(i);
            Plan next = loaded.withKeys(i + 1);
            parts.writing.asOwner(() -> {
                parts.tables.finish(generation, key);
                run.keep(next);
                return true;
            });
        }
        try (ExecutorService workers = Workers.named("index", Workers.count())) {
            List<Future<Boolean>> making = parts.tables.indexes(generation.group()).stream()
                    .map(index -> workers.submit(() -> make(run, generation, index)))
                    .toList();
            making.forEach(Workers::result);
        }
        parts.writing.asOwner(() -> {
            parts.tables.analyze(generation);
            if (position(generation) < loaded.upto()) {
                parts.progress.advance(generation, loaded.upto());
            }
            run.requireGoing();
            return true;
        });
    }

    private boolean make(Run run, Generation generation, String index) {
        return parts.writing.asOwner(() -> {
            run.requireGoing();
            parts.tables.finish(generation, index);
            return true;
        });
    }
}
