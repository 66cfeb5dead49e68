package ledger.query.rebuild;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ledger.query.Outages;

/** Threads for what is done at once. */
final class Workers {

    private static final int MOST = 4;

    private Workers() {}

    /** As many as there are processors, within bounds: requests and the database want some too. */
    static int count() {
        return Math.min(Runtime.getRuntime().availableProcessors(), MOST);
    }

    static ExecutorService named(String name, int count) {
        return Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name(name + "-", 0).daemon().factory());
    }

    /** What another thread has made, or why it could not. */
    static <T> T result(Future<T> made) {
        try {
            return made.get();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case SQLException failure -> Outages.translated("reading the ledger", failure);
                case RuntimeException failure -> failure;
                case null, default -> new IllegalStateException(e.getCause());
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
