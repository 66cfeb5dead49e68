package ledger.query.statistics;

import java.math.BigInteger;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import ledger.api.SubscriptionStatus;

/**
 * A tenant's figures, all of them at {@code position}. {@code monthlyRecurringRevenue} is what live subscriptions pay in a
 * month: a year's price counts a twelfth, days and weeks count by a mean month of 365.2425 / 12 days.
 */
record StatisticsView(
        Map<String, Long> events,
        Map<SubscriptionStatus, Long> subscriptions,
        List<Sum> charged,
        List<Sum> credited,
        List<Sum> monthlyRecurringRevenue,
        long position) {

    /** Like money, without its bound: many amounts may come to more than one may be. */
    record Sum(BigInteger amount, Currency currency) {}
}
