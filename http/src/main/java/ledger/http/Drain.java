package ledger.http;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.context.SmartLifecycle;

/**
 * The time between a node saying that it is not ready any more and its taking no more requests: so long goes by until
 * everybody who sends it some has noticed.
 */
final class Drain implements SmartLifecycle {

    /** Zero where nobody looks at readiness. */
    @ConfigurationProperties("ledger")
    record Setting(@DurationUnit(ChronoUnit.SECONDS) Duration drain) {}

    private final Duration time;
    private volatile boolean running;

    Drain(Setting setting) {
        time = setting.drain;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the server, which is the first to stop otherwise. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
