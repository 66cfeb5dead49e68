package ledger.query.rebuild;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import ledger.api.Problem;
import ledger.http.Caller;
import ledger.query.Generation;
import ledger.query.Generation.Stage;
import ledger.query.Progress;
import ledger.query.Progress.Parked;
import ledger.query.Projections;
import ledger.query.Projections.Status;
import ledger.query.Versions;
import ledger.query.Writing;
import ledger.query.job.Job;
import ledger.query.job.Jobs;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What can be asked and done of projections by their names. */
@Component
class Keeping {

    /** Tables that there are. {@code followed} says that a node moves them on. */
    record Built(int version, Stage stage, long position, int parked, boolean followed, Instant builtAt) {}

    /** The parts of it. */
    @Component
    record Means(Tables tables, Progress progress, Writing writing, Parking parking, JdbcClient database) {}

    private final Projections projections;
    private final Versions versions;
    private final Jobs jobs;
    private final Means means;

    Keeping(Projections projections, Versions versions, Jobs jobs, Means means) {
        this.projections = projections;
        this.versions = versions;
        this.jobs = jobs;
        this.means = means;
    }

    List<Status> status() {
        return projections.status();
    }

    Status status(String name) {
        served(name);
        return status().stream()
                .filter(status -> status.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    Generation served(String name) {
        if (!versions.has(name)) {
            throw Problem.PROJECTION_NOT_FOUND.because("there is no projection " + name);
        }
        return versions.served(name);
    }

    Job start(String kind, String name, Caller caller, @Nullable String key) {
        return jobs.submit(kind, served(name).subject(), caller, key);
    }

    @Nullable
    Job last(String kind, Generation served) {
        return jobs.last(kind, served.subject()).orElse(null);
    }

    List<Built> built(String name) {
        return means.database
                .sql("select version, stage, position, parked, "
                        + "coalesce(owner is not null and claimed_at > clock_timestamp() - interval '1 minute', false), built_at "
                        + "from views.projection where name = ? order by version desc, stage desc")
                .param(name)
                .query((row, _) -> new Built(
                        row.getInt(1),
                        Stage.valueOf(row.getString(2)),
                        row.getLong(3),
                        row.getInt(4),
                        row.getBoolean(5),
                        row.getObject(6, OffsetDateTime.class).toInstant()))
                .list();
    }

    void requirePrevious(String name) {
        if (!means.tables.exist(served(name).at(Stage.PREVIOUS))) {
            throw Problem.NO_PREVIOUS.because("there is no generation of " + name + " before the one that is served");
        }
    }

    /** Those of older versions go too, unless a node of that version is still there. */
    void release(String name) {
        Generation served = served(name);
        jobs.requireIdle(served.subject());
        List<Generation> gone = built(name).stream()
                .filter(built -> built.version() == served.version()
                        ? built.stage() == Stage.PREVIOUS
                        : built.version() < served.version() && !built.followed())
                .map(built -> new Generation(name, built.version(), built.stage()))
                .toList();
        if (gone.isEmpty()) {
            throw Problem.NO_PREVIOUS.because("only what is served is kept of " + name);
        }
        means.writing.asOwner(() -> {
            gone.forEach(means.tables::drop);
            return true;
        });
    }

    List<Parked> parked(String name) {
        return means.progress.parked(served(name));
    }

    void retry(String name, UUID stream) {
        means.parking.retry(served(name), stream);
    }
}
