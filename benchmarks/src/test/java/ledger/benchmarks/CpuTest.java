package ledger.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Processor time is found in what the system says of a process. */
@EnabledOnOs(OS.LINUX)
class CpuTest {

    private static final Duration WORK = Duration.ofMillis(300);
    private static final Duration TICK = Duration.ofMillis(10);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private double result;

    @Test
    void of_this_process() {
        Duration before = Cpu.alone(ProcessHandle.current());
        work();
        assertThat(Cpu.alone(ProcessHandle.current()).minus(before)).isGreaterThanOrEqualTo(WORK.minus(TICK));
    }

    @Test
    void of_a_child_that_has_ended() throws Exception {
        Duration before = Cpu.alone(ProcessHandle.current());
        Process child = new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done").start();
        assertThat(child.waitFor()).isZero();
        Duration all = Cpu.alone(ProcessHandle.current()).minus(before);
        assertThat(all).isGreaterThan(TICK.multipliedBy(3));
    }

    private void work() {
        long end = THREADS.getCurrentThreadCpuTime() + WORK.toNanos();
        while (THREADS.getCurrentThreadCpuTime() < end) {
            result += Math.sqrt(result + 1);
        }
    }
}
