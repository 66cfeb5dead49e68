package ledger.api;

/** When a cancellation or a plan change takes effect. */
public enum When {
    NOW,
    PERIOD_END
}
