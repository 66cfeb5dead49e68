package ledger.http;

/** A body that is stored as it is answered: JSON in UTF-8. */
public record StoredAnswer(byte[] json) {}
