package ledger.crash;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a client asked, and what it was answered in the end; no reply where nobody knows whether it was done. */
record Exchange(Request request, @Nullable Reply reply) {

    /** Whether its answer is to be the same for ever. When a node gives up a race, nothing was done and nothing is kept. */
    boolean isKept() {
        return request.keyed && reply != null && !reply.code.equals("conflict");
    }

    boolean isAnsweredBy(@Nullable Reply other) {
        return Objects.equals(reply, other);
    }

    /** Sent again it is the same request. Where it is {@code keyed}, {@code id} is its idempotency key too. */
    record Request(
            String method,
            String path,
            String body,
            String id,
            boolean keyed,
            @Nullable Long expected) {}

    record Reply(int status, String code, String body, String etag, String position, String location) {

        /** Whether it says if the request was carried out: a refusal does, an outage does not. */
        boolean isFinal() {
            return status < 500;
        }

        boolean isDone() {
            return status < 300;
        }

        long version() {
            return Long.parseLong(etag.replace("\"", ""));
        }
    }
}
