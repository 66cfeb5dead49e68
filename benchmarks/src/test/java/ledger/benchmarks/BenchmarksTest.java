package ledger.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** The README's section says what the command can do. */
class BenchmarksTest {

    private final CommandSpec command = Benchmarks.commandLine().getCommandSpec();

    @Test
    void every_option_of_the_readme_exists() throws IOException {
        List<String> named = Pattern.compile("`(--[a-z-]+)")
                .matcher(section())
                .results()
                .map(option -> option.group(1))
                .toList();
        assertThat(named).contains("--long", "--only", "--profile");
        assertThat(command.optionsMap().keySet()).containsAll(named);
    }

    @Test
    void every_workload_of_the_readme_exists() throws IOException {
        MatchResult only = Pattern.compile("--only ([a-z,-]+)")
                .matcher(section())
                .results()
                .findFirst()
                .orElseThrow();
        assertThat(command.findOption("--only").completionCandidates())
                .contains(only.group(1).split(","));
    }

    private static String section() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        return readme.substring(readme.indexOf("## Benchmarks\n")).split("\n## ", 2)[0];
    }
}
