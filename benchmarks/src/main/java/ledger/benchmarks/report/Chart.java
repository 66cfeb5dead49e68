package ledger.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/** Lines over one axis, as SVG: it is read where the report is read, and needs neither fonts nor a screen to be drawn. */
public record Chart(
        String name, String title, String x, String y, boolean logarithmicX, boolean logarithmicY, List<Line> lines) {

    public record Point(double x, double y) {}

    public record Line(String name, List<Point> points) {}

    /** The rates of all contenders in each round. */
    public static Chart ofRounds(String name, String title, String y, Comparison rates) {
        List<Line> lines = new ArrayList<>();
        rates.samples().forEach((contender, samples) -> {
            List<Point> points = new ArrayList<>();
            samples.forEach(sample -> points.add(new Point(points.size() + 1, sample.rate())));
            lines.add(new Line(contender, points));
        });
        return new Chart(name, title, "round", y, false, false, lines);
    }

    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int LEFT = 70;
    private static final int RIGHT = 190;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int TICKS = 6;
    private static final List<String> COLOURS =
            List.of("#1b6ac9", "#d1495b", "#2e933c", "#8f6593", "#edae49", "#00798c", "#6b705c", "#333333");

    private record Axis(double least, double greatest, boolean logarithmic, double from, double to) {

        static Axis of(List<Line> lines, ToDoubleFunction<Point> value, boolean logarithmic, double from, double to) {
            List<Double> values = lines.stream()
                    .flatMap(line -> line.points().stream())
                    .map(value::applyAsDouble)
                    .toList();
            double greatest =
                    values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
            double least = logarithmic
                    ? values.stream()
                            .mapToDouble(Double::doubleValue)
                            .filter(one -> one > 0)
                            .min()
                            .orElse(1)
                    : 0;
            return new Axis(least, greatest > least ? greatest : least + 1, logarithmic, from, to);
        }

        /** Where a logarithm ends, a zero stands at the least of the others. */
        double place(double exact) {
            double value = logarithmic ? Math.max(exact, least) : exact;
            DoubleUnaryOperator scale = logarithmic ? Math::log : DoubleUnaryOperator.identity();
            double share = (scale.applyAsDouble(value) - scale.applyAsDouble(least))
                    / (scale.applyAsDouble(greatest) - scale.applyAsDouble(least));
            return from + share * (to - from);
        }

        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            if (logarithmic) {
                double factor = greatest / least > 1000 ? 10 : 2;
                for (double tick = least; tick <= greatest * 1.001; tick *= factor) {
                    ticks.add(tick);
                }
            } else {
                double step = Math.pow(10, Math.floor(Math.log10(greatest / TICKS)));
                while (greatest / step > TICKS) {
                    step *= greatest / step > 2 * TICKS ? 2.5 : 2;
                }
                for (double tick = 0; tick <= greatest; tick += step) {
                    ticks.add(tick);
                }
            }
            return ticks;
        }
    }

    public String svg() {
        Axis across = Axis.of(lines, Point::x, logarithmicX, LEFT, WIDTH - RIGHT);
        Axis up = Axis.of(lines, Point::y, logarithmicY, HEIGHT - BOTTOM, TOP);
        StringBuilder svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        .formatted(WIDTH, HEIGHT));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        text(svg, LEFT, 22, "start", title, "font-size=\"15\" font-weight=\"bold\"");
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", x, "");
        text(
                svg,
                0,
                0,
                "middle",
                y,
                "transform=\"translate(14 %d) rotate(-90)\"".formatted((TOP + HEIGHT - BOTTOM) / 2));
        for (double tick : across.ticks()) {
            line(svg, across.place(tick), TOP, across.place(tick), HEIGHT - BOTTOM);
            text(svg, across.place(tick), HEIGHT - BOTTOM + 16, "middle", Numbers.of(tick), "");
        }
        for (double tick : up.ticks()) {
            line(svg, LEFT, up.place(tick), WIDTH - RIGHT, up.place(tick));
            text(svg, LEFT - 6, up.place(tick) + 4, "end", Numbers.of(tick), "");
        }
        for (int i = 0; i < lines.size(); i++) {
            draw(svg, lines.get(i), COLOURS.get(i % COLOURS.size()), across, up, TOP + 16 + 18 * i);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Line line, String colour, Axis across, Axis up, int legend) {
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            String at = number(across.place(point.x())) + "," + number(up.place(point.y()));
            path.append(at).append(' ');
            svg.append("<circle cx=\"%s\" cy=\"%s\" r=\"2.5\" fill=\"%s\"/>%n"
                    .formatted(at.substring(0, at.indexOf(',')), at.substring(at.indexOf(',') + 1), colour));
        }
        svg.append("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n"
                .formatted(path.toString().strip(), colour));
        svg.append("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"3\" fill=\"%s\"/>%n"
                .formatted(WIDTH - RIGHT + 12, legend - 5, colour));
        text(svg, WIDTH - RIGHT + 30, legend, "start", line.name(), "");
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"#dddddd\"/>%n"
                .formatted(number(x1), number(y1), number(x2), number(y2)));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text, String more) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" %s>%s</text>%n"
                .formatted(number(x), number(y), anchor, more, escaped));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
