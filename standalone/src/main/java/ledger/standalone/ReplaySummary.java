package ledger.standalone;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a replay has come to; {@code statistics} are the ledger's own, after the last command. */
record ReplaySummary(
        int accounts,
        int subscriptions,
        int commands,
        Map<String, Integer> usage,
        double seconds,
        double commandsPerSecond,
        JsonNode statistics) {

    static ReplaySummary of(int accounts, int subscriptions, Replay.Tally tally, Duration took, JsonNode statistics) {
        double seconds = took.toMillis() / 1000.0;
        double rate = seconds > 0 ? Math.round(10 * tally.commands() / seconds) / 10.0 : 0;
        return new ReplaySummary(accounts, subscriptions, tally.commands(), tally.usage(), seconds, rate, statistics);
    }

    String text() {
        return String.format(
                Locale.ROOT,
                """
                RavenStack: %,d accounts, %,d subscriptions, two years
                %,d commands in %.1f s, %,.0f per second

                subscriptions  %s
                charged        %s
                recurring      %s a month
                usage          %s
                events
                %s""",
                accounts,
                subscriptions,
                commands,
                seconds,
                commandsPerSecond,
                counts("subscriptions", "%,d %s", ", "),
                money("charged"),
                money("monthlyRecurringRevenue"),
                verdicts(),
                counts("events", "%,14d  %s", "\n"));
    }

    /** Of this run: a run that went on where another stopped has not seen the answers to that one. */
    private String verdicts() {
        return usage.entrySet().stream()
                .map(verdict -> String.format(Locale.ROOT, "%,d %s", verdict.getValue(), verdict.getKey()))
                .collect(Collectors.joining(", "));
    }

    private String counts(String of, String format, String delimiter) {
        return statistics
                .path(of)
                .propertyStream()
                .filter(count -> count.getValue().asLong() > 0)
                .map(count ->
                        String.format(Locale.ROOT, format, count.getValue().asLong(), count.getKey()))
                .collect(Collectors.joining(delimiter));
    }

    private String money(String of) {
        return statistics
                .path(of)
                .valueStream()
                .map(money -> money(
                        Currency.getInstance(money.path("currency").asString()),
                        money.path("amount").decimalValue()))
                .collect(Collectors.joining(", "));
    }

    private static String money(Currency currency, BigDecimal minorUnits) {
        int decimals = Math.max(currency.getDefaultFractionDigits(), 0);
        return String.format(Locale.ROOT, "%s %,." + decimals + "f", currency, minorUnits.movePointLeft(decimals));
    }
}
