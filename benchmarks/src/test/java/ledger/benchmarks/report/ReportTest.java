package ledger.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A report says what was measured: ratios round by round, medians and spread, verdicts, plots. */
class ReportTest {

    /** The machine halved its speed in the second round: the rates differ, and what they say of each other does not. */
    private static final Comparison RATES = comparison();

    private static Comparison comparison() {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        samples.put("yardstick", List.of(sample(1000, 10), sample(500, 20), sample(1200, 10)));
        samples.put("ledger", List.of(sample(1500, 4), sample(750, 8), sample(1200, 4)));
        return new Comparison("commands", samples);
    }

    private static Sample sample(double rate, int millis) {
        Histogram latencies = new Histogram(60_000_000, 3);
        latencies.recordValue(millis * 1000L);
        return new Sample(rate, (long) rate, latencies, 60, 33, 11);
    }

    @Test
    void ratios_are_formed_round_by_round() {
        assertThat(RATES.ratio("ledger", "yardstick")).isEqualTo(new Spread(1, 1.5, 1.5));
        assertThat(RATES.rate("ledger")).isEqualTo(new Spread(750, 1200, 1500));
        assertThat(RATES.latency("ledger", 100)).isBetween(8.0, 8.01);
        assertThat(RATES.latency("ledger", 60)).isBetween(4.0, 4.01);
    }

    @Test
    void the_median_of_an_even_number_of_rounds_lies_between_the_two_in_the_middle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(1, 2.5, 4));
    }

    @Test
    void verdicts_know_whether_more_or_less_is_better() {
        assertThat(new Finding("rate", Spread.of(1.6), 0.8, 1.5).verdict()).isEqualTo("aim reached");
        assertThat(new Finding("rate", Spread.of(0.9), 0.8, 1.5).verdict()).isEqualTo("reached");
        assertThat(new Finding("rate", Spread.of(0.4), 0.8, 1.5).verdict())
                .isEqualTo("**missed**, by a factor of 2.00");
        assertThat(new Finding("seconds", Spread.of(2.9), 6, 3).verdict()).isEqualTo("aim reached");
        assertThat(new Finding("seconds", Spread.of(5), 6, 3).verdict()).isEqualTo("reached");
        assertThat(new Finding("seconds", Spread.of(9), 6, 3).verdict()).isEqualTo("**missed**, by a factor of 1.50");
    }

    @Test
    void a_report_is_written_for_people_and_for_programs(@TempDir Path directory) throws Exception {
        Chart chart = new Chart(
                "throughput",
                "Rates <by> connections & more",
                "connections",
                "a second",
                true,
                false,
                List.of(new Chart.Line("ledger", List.of(new Chart.Point(8, 100), new Chart.Point(256, 1200)))));
        Section section = new Section("Commands", "Closed loop.")
                .with(RATES)
                .with(new Finding("ledger × yardstick", RATES.ratio("ledger", "yardstick"), 0.8, 1.5))
                .with(chart);
        new Report("Benchmarks", "Introduction.", Map.of("processor", "2"), List.of(section)).write(directory);

        assertThat(Files.readString(directory.resolve("report.md")))
                .contains("| ledger × yardstick | 0.80 | 1.50 | 1.50 (1.00 – 1.50) | aim reached |")
                .contains("| ledger | 1,200 (750 – 1,500) | 1.50 (1.00 – 1.50) | 4.00 | 8.00 | 60.0 | 33.0 | 11.0 |")
                .contains("![Rates <by> connections & more](throughput.svg)");
        JsonNode json =
                new JsonMapper().readTree(directory.resolve("report.json").toFile());
        assertThat(json.at("/comparisons/0/contenders/ledger/2/perSecond").asDouble())
                .isEqualTo(1200);
        assertThat(json.at("/findings/0/measured/median").asDouble()).isEqualTo(1.5);
        assertThat(circles(Files.readString(directory.resolve("throughput.svg"))))
                .containsExactly("70.0,305.8", "530.0,40.0");
    }

    /** A parser finds the plot well-formed, and the points where the axes begin and end. */
    private static List<String> circles(String svg) throws Exception {
        NodeList circles = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("circle");
        return java.util.stream.IntStream.range(0, circles.getLength())
                .mapToObj(circles::item)
                .map(circle -> circle.getAttributes().getNamedItem("cx").getNodeValue() + ","
                        + circle.getAttributes().getNamedItem("cy").getNodeValue())
                .toList();
    }
}
