package ledger.query.rebuild;

import java.util.Map;
import ledger.query.Generation;
import ledger.query.Generation.Stage;
import ledger.query.Progress;
import ledger.query.Writing;
import ledger.query.job.Run;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Puts a generation in the place of what is served, in one short transaction: schemas are renamed, which waits for no query and
 * keeps none waiting. Each statement finds either the one or the other, whole.
 */
@Component
class Exchange {

    private final Building building;
    private final Tables tables;
    private final Progress progress;
    private final Writing writing;
    private final JdbcClient database;

    Exchange(Building building, Tables tables, Progress progress, Writing writing, JdbcClient database) {
        this.building = building;
        this.tables = tables;
        this.progress = progress;
        this.writing = writing;
        this.database = database;
    }

    /** The job is done in the same commit: a node that dies on the way leaves it undone as a whole. */
    void serve(Run run, Generation next) {
        writing.asOwner(() -> {
            // so long at most do those wait who want a snapshot, while a long one is still being read
            database.sql("set local lock_timeout = '300ms'").update();
            database.sql("lock table views.switch in access exclusive mode").update();
            Generation served = next.at(Stage.SERVED);
            // from here on nobody moves it on, and so both are at the same position
            progress.lock(served)
                    .ifPresentOrElse(
                            place -> {
                                level(next, place.position());
                                putAway(next, served);
                            },
                            () -> tables.drop(served)); // nothing that anybody knows of
            tables.rename(next, Stage.SERVED);
            if (tables.exist(next.at(Stage.AWAY))) {
                tables.rename(next.at(Stage.AWAY), Stage.PREVIOUS);
            }
            run.finish(Map.of("position", progress.of(served).orElseThrow().position()));
            return true;
        });
    }

    private void level(Generation next, long position) {
        database.sql("set local role ledger_projector").update();
        building.followTo(next, position);
        database.sql("set local role none").update();
    }

    private void putAway(Generation next, Generation served) {
        if (next.stage() != Stage.PREVIOUS) {
            tables.drop(next.at(Stage.PREVIOUS));
        }
        tables.handOver(served, next);
        tables.rename(served, Stage.AWAY);
    }
}
