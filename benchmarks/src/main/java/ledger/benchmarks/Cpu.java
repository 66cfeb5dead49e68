package ledger.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The processor time that processes have used, from {@code /proc}: where there is none it is not known, and 0. */
final class Cpu {

    /** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
    private static final Duration TICK = Duration.ofMillis(10);

    private static final int USER = 11;

    private Cpu() {}

    /** Of a process and all that it has started. */
    static Duration of(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(Cpu::alone)
                .reduce(Duration.ZERO, Duration::plus);
    }

    static Duration of(List<ProcessHandle> processes) {
        return processes.stream().map(Cpu::of).reduce(Duration.ZERO, Duration::plus);
    }

    /** Of a process and of what it started and that has ended, without what it started and that still runs. */
    static Duration alone(ProcessHandle process) {
        try {
            // A name may hold anything, brackets too: it ends with the last one.
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = USER; field < USER + 4; field++) { // user, system, and both of children that ended
                ticks += Long.parseLong(fields[field]);
            }
            return TICK.multipliedBy(ticks);
        } catch (IOException e) {
            return Duration.ZERO; // it has just ended, or there is no /proc
        }
    }
}
