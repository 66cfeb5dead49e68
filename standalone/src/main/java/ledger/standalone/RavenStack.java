package ledger.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import ledger.standalone.LedgerClient.Request;
import org.jspecify.annotations.Nullable;

/**
 * Two years of RavenStack, a company that does not exist, as requests to a ledger: its subscriptions start at noon UTC of their
 * day, its usage is recorded at three, its cancellations follow at six. Most of the usage lies outside the life of its
 * subscription, and is to be refused. Every request has an idempotency key that comes from the data alone, so that it can be
 * sent any number of times.
 */
final class RavenStack {

    static final String PRODUCT = "ravenstack";
    static final Instant BEGIN = Instant.parse("2023-01-01T00:00:00Z");
    static final Instant END = Instant.parse("2025-01-01T00:00:00Z");

    private static final LocalTime SUBSCRIBING = LocalTime.of(12, 0);
    private static final LocalTime METERING = LocalTime.of(15, 0);
    private static final LocalTime CANCELING = LocalTime.of(18, 0);
    private static final Map<String, Integer> MONTHLY_CENTS = Map.of("basic", 1900, "pro", 4900, "enterprise", 19900);

    private static final int MOST_PER_PERIOD = 20;

    /** {@code feature} was used {@code count} times. */
    private record UsageRow(String id, String subscription, LocalDate day, String feature, long count) {

        static UsageRow of(Line line) {
            return new UsageRow(
                    line.get("usage_id"),
                    line.get("subscription_id"),
                    LocalDate.parse(line.get("usage_date")),
                    line.get("feature_name"),
                    Long.parseLong(line.get("usage_count")));
        }
    }

    private record Row(
            String id,
            String account,
            LocalDate start,
            @Nullable LocalDate end,
            String plan,
            int seats,
            boolean annual,
            boolean autoRenew) {

        static Row of(Line line) {
            String end = line.get("end_date");
            return new Row(
                    line.get("subscription_id"),
                    line.get("account_id"),
                    LocalDate.parse(line.get("start_date")),
                    end.isEmpty() ? null : LocalDate.parse(end),
                    line.get("plan_tier").toLowerCase(Locale.ROOT) + (line.isTrue("is_trial") ? "-trial" : ""),
                    Integer.parseInt(line.get("seats")),
                    line.get("billing_frequency").equals("annual"),
                    line.isTrue("auto_renew_flag"));
        }
    }

    /** A line of a file, by the names of its columns. */
    private record Line(List<String> columns, String[] values) {

        String get(String column) {
            return values[columns.indexOf(column)];
        }

        boolean isTrue(String column) {
            return get(column).equals("TRUE");
        }
    }

    private final int accounts;
    private final List<Row> rows;
    private final List<UsageRow> usage;
    private final List<String> features;

    private RavenStack(int accounts, List<Row> rows, List<UsageRow> usage, List<String> features) {
        this.accounts = accounts;
        this.rows = rows;
        this.usage = usage;
        this.features = features;
    }

    /** The first accounts of the file and all their subscriptions; from {@code directory}, or else as we ship them. */
    static RavenStack read(@Nullable Path directory, double share) {
        List<String> all = read(directory, "accounts", line -> line.get("account_id"));
        Set<String> chosen = Set.copyOf(
                all.subList(0, Math.clamp(Math.round(all.size() * share), Math.min(1, all.size()), all.size())));
        List<Row> rows = read(directory, "subscriptions", Row::of).stream()
                .filter(row -> chosen.contains(row.account()))
                .toList();
        Set<String> subscriptions = rows.stream().map(Row::id).collect(Collectors.toSet());
        List<UsageRow> usage = read(directory, "feature_usage", UsageRow::of);
        return new RavenStack(
                chosen.size(),
                rows,
                usage.stream()
                        .filter(row -> subscriptions.contains(row.subscription()))
                        .toList(),
                usage.stream().map(UsageRow::feature).distinct().sorted().toList());
    }

    int accounts() {
        return accounts;
    }

    int subscriptions() {
        return rows.size();
    }

    /** What must be in the catalogue before anything happens: plans priced per seat, and free twins of them for trials. */
    Stream<Request> catalogue() {
        Stream<Request> plans = MONTHLY_CENTS.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .flatMap(plan -> Stream.of(plan(plan.getKey(), plan.getValue()), plan(plan.getKey() + "-trial", 0)));
        // An account holds up to 19 subscriptions at once.
        Map<String, @Nullable Object> unbounded = new HashMap<>();
        unbounded.put("maxLivePerCustomer", null);
        return Stream.concat(Stream.of(Request.put("/v1/products/" + PRODUCT + "/policy", unbounded)), plans);
    }

    /** What happens at each instant at which something does, in order; within an instant the order does not matter. */
    SortedMap<Instant, List<Request>> timetable() {
        SortedMap<Instant, List<Request>> timetable = new TreeMap<>();
        for (Row row : rows) {
            at(timetable, row.start(), SUBSCRIBING).add(subscribe(row));
            if (row.end() != null) {
                at(timetable, row.end(), CANCELING).add(cancel(row));
            }
        }
        for (UsageRow row : usage) {
            at(timetable, row.day(), METERING).add(use(row));
        }
        return timetable;
    }

    private static List<Request> at(SortedMap<Instant, List<Request>> timetable, LocalDate day, LocalTime time) {
        return timetable.computeIfAbsent(day.atTime(time).toInstant(ZoneOffset.UTC), instant -> new ArrayList<>());
    }

    private Request plan(String slug, int cents) {
        return Request.post(
                "/v1/plans",
                "ravenstack-plan-" + slug,
                Map.of(
                        "slug",
                        slug,
                        "product",
                        PRODUCT,
                        "name",
                        "RavenStack " + slug.replace('-', ' '),
                        "prices",
                        List.of(price("MONTH", cents), price("YEAR", 12 * cents)),
                        "limits",
                        features.stream()
                                .map(feature -> limit(feature, slug.startsWith("basic") ? "HARD" : "SOFT"))
                                .toList()));
    }

    private static Map<String, Object> price(String unit, int cents) {
        return Map.of("term", term(unit), "amount", Map.of("amount", cents, "currency", "USD"), "per", "UNIT");
    }

    private static Map<String, Object> limit(String feature, String mode) {
        return Map.of("metric", feature, "max", MOST_PER_PERIOD, "kind", "PER_PERIOD", "mode", mode);
    }

    private static Map<String, Object> term(String unit) {
        return Map.of("every", 1, "unit", unit);
    }

    private static Request subscribe(Row row) {
        return Request.post(
                "/v1/subscriptions",
                "ravenstack-subscribe-" + row.id(),
                Map.of(
                        "subscriptionId", subscriptionId(row.id()),
                        "reference", row.id(),
                        "customerId", row.account(),
                        "plan", row.plan(),
                        "term", term(row.annual() ? "YEAR" : "MONTH"),
                        "quantity", row.seats(),
                        "autoRenew", row.autoRenew()));
    }

    private static Request use(UsageRow row) {
        return Request.asking(
                "/v1/subscriptions/" + subscriptionId(row.subscription()) + "/usage",
                row.id(),
                Map.of("metric", row.feature(), "quantity", row.count()));
    }

    private static Request cancel(Row row) {
        return Request.post(
                "/v1/subscriptions/" + subscriptionId(row.id()) + "/cancellation",
                "ravenstack-cancel-" + row.id(),
                Map.of("when", "NOW"));
    }

    /** The same in every replay, so that no answer has to be kept to cancel it later. */
    static UUID subscriptionId(String row) {
        return UUID.nameUUIDFromBytes((PRODUCT + "/" + row).getBytes(StandardCharsets.UTF_8));
    }

    /** The files quote nothing. */
    private static <T> List<T> read(@Nullable Path directory, String name, Function<Line, T> reader) {
        try (InputStream file = open(directory, name)) {
            List<String> lines = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> columns = List.of(lines.getFirst().split(",", -1));
            return lines.stream()
                    .skip(1)
                    .map(line -> reader.apply(new Line(columns, line.split(",", -1))))
                    .toList();
        } catch (IOException | RuntimeException e) {
            throw new CannotGoOn("cannot read the " + name + " of RavenStack", e);
        }
    }

    private static InputStream open(@Nullable Path directory, String name) throws IOException {
        return directory == null
                ? new GZIPInputStream(RavenStack.class.getResourceAsStream("/ravenstack/" + name + ".csv.gz"))
                : Files.newInputStream(directory.resolve(name + ".csv"));
    }
}
