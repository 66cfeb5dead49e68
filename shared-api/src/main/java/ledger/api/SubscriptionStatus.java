package ledger.api;

/** What a reader sees of a subscription's state; the first three are live. */
public enum SubscriptionStatus {
    TRIALING,
    ACTIVE,
    PAUSED,
    CANCELED,
    EXPIRED;

    public boolean isLive() {
        return compareTo(PAUSED) <= 0;
    }
}
