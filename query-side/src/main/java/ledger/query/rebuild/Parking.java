package ledger.query.rebuild;

import java.util.List;
import java.util.UUID;
import ledger.api.Problem;
import ledger.query.Generation;
import ledger.query.Progress;
import ledger.query.Progress.Parked;
import ledger.query.Progress.Place;
import ledger.query.Projections;
import ledger.query.UnreadEvent;
import ledger.query.Writing;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Lets parked streams try again, once what was wrong with their projection has been put right. */
@Component
class Parking {

    private final Projections projections;
    private final Progress progress;
    private final Writing writing;
    private final JdbcTemplate database;

    Parking(Projections projections, Progress progress, Writing writing, JdbcTemplate database) {
        this.projections = projections;
        this.progress = progress;
        this.writing = writing;
        this.database = database;
    }

    /** Takes in all that the stream has waited with. As far as that can be taken in it is, even if it must wait again. */
    void retry(Generation served, UUID stream) {
        String error = writing.asProjector(() -> tryAgain(served, stream));
        if (!error.isEmpty()) {
            throw Problem.STILL_PARKED.because(error);
        }
    }

    private String tryAgain(Generation served, UUID stream) {
        Place place = progress.lock(served).orElseThrow(() -> notParked(stream));
        Parked parked = progress.parked(served, stream).orElseThrow(() -> notParked(stream));
        List<UnreadEvent> waiting = database.execute((ConnectionCallback<List<UnreadEvent>>)
                connection -> UnreadEvent.of(connection, stream, parked.position(), place.position()));
        @Nullable String error = projections.intake(served.group()).retry(served, parked, waiting);
        return error == null ? "" : error;
    }

    private static RuntimeException notParked(UUID stream) {
        return Problem.NOT_FOUND.because("the stream " + stream + " is not parked");
    }
}
