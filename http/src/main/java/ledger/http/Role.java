package ledger.http;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a caller may do, as the claim {@code roles} names it in lower case. Everybody is anonymous, whatever else they are. */
public enum Role {
    ANONYMOUS,
    /** Of its own subscriptions; its {@code sub} is its customer id. */
    CUSTOMER,
    /** Of the catalogue. */
    MANAGER,
    /** Of every subscription of the tenant. */
    OPERATOR,
    /** Reads everything of the tenant and changes nothing. */
    AUDITOR,
    /** An operator and a manager who also keeps the projections, the clock and the issuer. */
    ADMIN;

    /** The role and those that it includes. */
    Set<Role> all() {
        return this == ADMIN ? EnumSet.of(ADMIN, OPERATOR, MANAGER) : EnumSet.of(this);
    }

    /** As it stands in a token. */
    public String claim() {
        return name().toLowerCase(Locale.ROOT);
    }
}
