package ledger.query.subscription;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import ledger.api.SubscriptionView;
import ledger.http.Page;
import org.jspecify.annotations.Nullable;

/** A part of a list. {@code total} counts all that match, on the first page of a list of the past. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SubscriptionPage(
        List<SubscriptionView> items,
        @Nullable String nextCursor,
        @Nullable Long total) {

    static SubscriptionPage of(
            List<SubscriptionView> views, SubscriptionFilter filter, SubscriptionOrder order, @Nullable Long total) {
        Page<SubscriptionView> page = Page.of(views, Page.limit(filter.limit()), view -> view, order::cursor);
        return new SubscriptionPage(page.items(), page.nextCursor(), total);
    }
}
