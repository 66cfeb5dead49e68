package ledger.query.rebuild;

import ledger.query.Generation;
import ledger.query.Generation.Stage;
import ledger.query.Versions;
import ledger.query.Writing;
import ledger.query.job.Run;
import ledger.query.job.Work;
import org.springframework.stereotype.Component;

/** Builds a projection anew while the old one serves, then serves the new one and keeps the old. */
@Component
class Rebuild implements Work {

    static final String KIND = "rebuild";

    private final Building building;
    private final Exchange exchange;
    private final Tables tables;
    private final Writing writing;
    private final Versions versions;

    Rebuild(Building building, Exchange exchange, Tables tables, Writing writing, Versions versions) {
        this.building = building;
        this.exchange = exchange;
        this.tables = tables;
        this.writing = writing;
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
        Generation next = next(run.subject());
        building.build(run, next);
        exchange.serve(run, next);
    }

    @Override
    public void abandon(String subject) {
        writing.asOwner(() -> {
            tables.drop(next(subject));
            return true;
        });
    }

    private Generation next(String subject) {
        return versions.ofSubject(subject).orElseThrow().at(Stage.NEXT);
    }
}
