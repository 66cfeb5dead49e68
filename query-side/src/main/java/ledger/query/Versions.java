package ledger.query;

import static java.util.stream.Collectors.joining;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ledger.query.Generation.Stage;

/**
 * Which version of each group of projections this program is. Whoever changes a fold or a table of a group raises its number:
 * the program then builds tables of its own beside those of the version before, whose nodes go on with theirs.
 */
public record Versions(Map<String, Integer> versions) {

    static final Versions CURRENT = new Versions(Map.of("subscription", 2, "plan", 1));

    public Versions {
        versions = Map.copyOf(versions);
    }

    /** What readers of this version read. */
    public Generation served(String group) {
        Integer version = versions.get(group);
        if (version == null) {
            throw new IllegalArgumentException("there is no version of " + group);
        }
        return new Generation(group, version, Stage.SERVED);
    }

    public boolean has(String group) {
        return versions.containsKey(group);
    }

    /** The generation that jobs on this subject are about, if they are for this version. */
    public Optional<Generation> ofSubject(String subject) {
        return versions.keySet().stream()
                .map(this::served)
                .filter(served -> served.subject().equals(subject))
                .findAny();
    }

    /** The names of tables mean those of this version, on every connection of this program. */
    String searchPath() {
        return new TreeMap<>(versions)
                .keySet().stream().map(group -> served(group).schema()).collect(joining(", ", "", ", views"));
    }
}
