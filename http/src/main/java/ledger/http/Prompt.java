package ledger.http;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.health.contributor.Health;

/** Answers about health that come soon, whatever is: a pool waits much longer for a database that is away. */
public final class Prompt {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Prompt() {}

    /** What the question answers, or down when it fails or takes too long. */
    public static Health health(Callable<Health.Builder> question) {
        try {
            return ask(question).build();
        } catch (TimeoutException e) {
            return Health.down()
                    .withDetail("error", "the database did not answer within " + PATIENCE.toSeconds() + " s")
                    .build();
        } catch (ExecutionException e) {
            return Health.down()
                    .withDetail("error", String.valueOf(e.getCause()))
                    .build();
        }
    }

    public static <T> T ask(Callable<T> question) throws TimeoutException, ExecutionException {
        FutureTask<T> answer = new FutureTask<>(question);
        Thread.ofVirtual().name("health").start(answer);
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(e);
        }
    }
}
