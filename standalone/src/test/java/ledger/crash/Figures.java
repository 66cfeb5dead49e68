package ledger.crash;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ledger.crash.Audit.Finding;

/** What was done, and what came of it. */
final class Figures {

    enum Figure {
        ROUNDS,
        NODES_KILLED,
        POSTGRES_KILLED,
        BACKENDS_KILLED,
        CUTS,
        SILENCES,
        PAUSES,
        FULL_DISKS,
        FULL_LOGS,
        ACKNOWLEDGED,
        REFUSED,
        UNKNOWN,
        UNANSWERED,
        APPENDS_TRIED_AGAIN,
        REPEATED,
        CONTESTED,
        LOOKS,
        CHECKPOINTS,
        FAILURES
    }

    private final Map<Figure, Long> figures = new EnumMap<>(Figure.class);
    private final Map<Finding, Long> findings = new EnumMap<>(Finding.class);

    synchronized void add(Figure figure, long more) {
        figures.merge(figure, more, Long::sum);
    }

    synchronized void add(Map<Finding, List<String>> found) {
        found.forEach((finding, all) -> findings.merge(finding, (long) all.size(), Long::sum));
    }

    @Override
    public synchronized String toString() {
        String done = Arrays.stream(Figure.values())
                .map(figure -> words(figure) + " " + figures.getOrDefault(figure, 0L))
                .collect(joining(", "));
        String found = Arrays.stream(Finding.values())
                .map(finding -> words(finding) + " " + findings.getOrDefault(finding, 0L))
                .collect(joining(", "));
        return done + " | " + found;
    }

    private static String words(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
