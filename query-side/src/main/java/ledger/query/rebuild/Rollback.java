package ledger.query.rebuild;

import ledger.api.Problem;
import ledger.query.Generation;
import ledger.query.Generation.Stage;
import ledger.query.Versions;
import ledger.query.job.Run;
import ledger.query.job.Work;
import org.springframework.stereotype.Component;

/** Takes a switch back: what was served before catches up and is served again, and what is served now is kept instead. */
@Component
class Rollback implements Work {

    static final String KIND = "rollback";

    private final Building building;
    private final Exchange exchange;
    private final Tables tables;
    private final Versions versions;

    Rollback(Building building, Exchange exchange, Tables tables, Versions versions) {
        this.building = building;
        this.exchange = exchange;
        this.tables = tables;
        this.versions = versions;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean accepts(String subject) {
        return versions.ofSubject(subject).isPresent();
    }

    @Override
    public void run(Run run) {
        Generation previous = versions.ofSubject(run.subject()).orElseThrow().at(Stage.PREVIOUS);
        if (!tables.exist(previous)) {
            throw Problem.NO_PREVIOUS.because("it has been let go");
        }
        building.follow(run, previous);
        exchange.serve(run, previous);
    }
}
