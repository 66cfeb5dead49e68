package ledger.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Where a JVM spends its processor time and what it allocates, by the flight recorder that is built into it. */
final class Profile {

    private static final int TOP = 30;
    private static final String NAME = "benchmarks";

    /** What is counted, each with the sum of its weights. */
    private static final class Tally {
        private final Map<String, Long> weights = new TreeMap<>();
        private long sum;

        void add(String what, long weight) {
            weights.merge(what, weight, Long::sum);
        }

        void print(StringBuilder out, String title) {
            out.append("\n").append(title).append("\n");
            weights.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(TOP)
                    .forEach(entry ->
                            out.append("%6.2f %%  %s%n".formatted(100.0 * entry.getValue() / sum, entry.getKey())));
        }
    }

    private final ProcessHandle process;
    private final Path file;

    private Profile(ProcessHandle process, Path file) {
        this.process = process;
        this.file = file;
    }

    /** Begins to record; processor-time samples (JEP 509) where this Java has them. */
    static Profile start(ProcessHandle process, Path file) throws IOException, InterruptedException {
        Profile profile = new Profile(process, file);
        profile.command(
                "JFR.start",
                "name=" + NAME,
                "settings=profile",
                "jdk.CPUTimeSample#enabled=true",
                "jdk.CPUTimeSample#throttle=5ms",
                "jdk.ObjectAllocationSample#throttle=500/s");
        return profile;
    }

    /** Ends the recording, keeps it in the file, and says what stands out. */
    String stop() throws IOException, InterruptedException {
        command("JFR.stop", "name=" + NAME, "filename=" + file.toAbsolutePath());
        Tally self = new Tally();
        Tally within = new Tally();
        Tally layers = new Tally();
        Tally allocated = new Tally();
        Tally allocators = new Tally();
        Map<String, Tally> samples = new LinkedHashMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            RecordedStackTrace stack = event.getStackTrace();
            if (stack == null) {
                continue;
            }
            switch (event.getEventType().getName()) {
                case "jdk.CPUTimeSample" -> cpu(stack, self, within, layers);
                case "jdk.ObjectAllocationSample" -> allocation(event, stack, allocated, allocators);
                default -> {}
            }
        }
        samples.put("Processor time, by the method that used it", self);
        samples.put("Processor time, by the innermost frame of a library or of ours, by package", layers);
        samples.put("Processor time, by methods that were on the stack", within);
        samples.put("Allocation, by class", allocated);
        samples.put("Allocation, by the innermost frame that is not the JDK's", allocators);
        StringBuilder out = new StringBuilder("Recorded in " + file + ": " + self.sum + " samples\n");
        samples.forEach((title, tally) -> tally.print(out, title));
        return out.toString();
    }

    private static void cpu(RecordedStackTrace stack, Tally self, Tally within, Tally layers) {
        List<RecordedFrame> frames = stack.getFrames();
        self.sum++;
        within.sum++;
        layers.sum++;
        self.add(method(frames.getFirst()), 1);
        layers.add(layer(frames), 1);
        Set<String> seen = new HashSet<>();
        for (RecordedFrame frame : frames) {
            String method = method(frame);
            if (seen.add(method) && !isJdk(method)) {
                within.add(method, 1);
            }
        }
    }

    private static void allocation(RecordedEvent event, RecordedStackTrace stack, Tally classes, Tally allocators) {
        long weight = event.getLong("weight");
        RecordedClass type = event.getClass("objectClass");
        classes.sum += weight;
        allocators.sum += weight;
        classes.add(type.getName(), weight);
        allocators.add(innermost(stack.getFrames()), weight);
    }

    private static String layer(List<RecordedFrame> frames) {
        String method = innermost(frames);
        String[] parts = method.split("\\.", -1);
        List<String> name = new ArrayList<>();
        for (String part : parts) {
            if (name.size() == 4 || Character.isUpperCase(part.charAt(0))) {
                break;
            }
            name.add(part);
        }
        return String.join(".", name);
    }

    private static String innermost(List<RecordedFrame> frames) {
        return frames.stream()
                .map(Profile::method)
                .filter(method -> !isJdk(method))
                .findFirst()
                .orElse("jdk only");
    }

    private static boolean isJdk(String method) {
        return method.startsWith("java.") || method.startsWith("jdk.") || method.startsWith("sun.");
    }

    private static String method(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private void command(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(process.pid()));
        command.addAll(List.of(arguments));
        Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IllegalStateException("the flight recorder: " + said);
        }
    }
}
