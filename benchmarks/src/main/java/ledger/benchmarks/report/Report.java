package ledger.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** All that was measured in one run of the benchmarks, on a machine and with settings that it names. */
public record Report(String title, String introduction, Map<String, String> conditions, List<Section> sections) {

    private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 100.0);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** {@code report.md}, {@code report.json} and the plots. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("report.md"), markdown());
        Files.write(directory.resolve("report.json"), JSON.writeValueAsBytes(json()));
        for (Section section : sections) {
            for (Chart chart : section.charts()) {
                Files.writeString(directory.resolve(chart.name() + ".svg"), chart.svg());
            }
        }
    }

    String markdown() {
        StringBuilder out = new StringBuilder("# " + title + "\n\n" + introduction + "\n\n");
        out.append(Finding.header());
        sections.stream().flatMap(section -> section.findings().stream()).forEach(finding -> out.append(finding.row()));
        out.append("\n| conditions | |\n|---|---|\n");
        conditions.forEach((name, value) -> out.append("| " + name + " | " + value + " |\n"));
        for (Section section : sections) {
            out.append("\n## " + section.title() + "\n\n" + section.text().strip() + "\n");
            section.comparisons().forEach(comparison -> out.append("\n").append(comparison.markdown()));
            section.charts().forEach(chart -> out.append("\n![" + chart.title() + "](" + chart.name() + ".svg)\n"));
        }
        return out.toString();
    }

    private Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("title", title);
        all.put("conditions", conditions);
        all.put(
                "findings",
                sections.stream()
                        .flatMap(section -> section.findings().stream())
                        .map(finding -> Map.of(
                                "what", finding.what(),
                                "must", finding.must(),
                                "aim", finding.aim(),
                                "measured", finding.measured(),
                                "verdict", finding.verdict()))
                        .toList());
        all.put(
                "comparisons",
                sections.stream()
                        .flatMap(section -> section.comparisons().stream())
                        .map(Report::json)
                        .toList());
        all.put(
                "charts",
                sections.stream().flatMap(section -> section.charts().stream()).toList());
        return all;
    }

    private static Map<String, Object> json(Comparison comparison) {
        Map<String, Object> contenders = new LinkedHashMap<>();
        comparison
                .samples()
                .forEach((name, samples) ->
                        contenders.put(name, samples.stream().map(Report::json).toList()));
        return Map.of("title", comparison.title(), "contenders", contenders);
    }

    private static Map<String, Object> json(Sample sample) {
        Map<String, Object> round = new LinkedHashMap<>();
        round.put("perSecond", sample.rate());
        round.put("count", sample.count());
        round.put("latencyMillis", percentiles(sample.latencies()));
        round.put("applicationMicros", sample.application());
        round.put("postgresMicros", sample.postgres());
        round.put("loadMicros", sample.load());
        return round;
    }

    private static List<Double> percentiles(Histogram latencies) {
        List<Double> values = new ArrayList<>();
        PERCENTILES.forEach(percentile -> values.add(latencies.getValueAtPercentile(percentile) / 1e3));
        return values;
    }
}
