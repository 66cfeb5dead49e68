package ledger.http;

import com.github.benmanes.caffeine.cache.Caffeine;

/** What every cache begins as. */
public final class Caches {

    private Caches() {}

    /** Keeps itself in order in the threads that use it: to wake another one for that costs more than to do it. */
    public static Caffeine<Object, Object> builder() {
        return Caffeine.newBuilder().executor(Runnable::run);
    }
}
