package ledger.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import ledger.api.Problem;

/**
 * A customer that asks for somebody else's subscription is told the same as of one that nobody has; what finding that out took, a few
 * microseconds more for a row that is there, shall not tell them apart either. So these answers are given a whole number of quanta
 * after their requests were read.
 */
final class EvenTime {

    /** Of what finding out takes on a machine that is not overloaded, one quantum is a multiple. */
    private static final long QUANTUM = Duration.ofMillis(5).toNanos();

    private static final String BEGIN = EvenTime.class.getName();

    private EvenTime() {}

    static void begin(HttpServletRequest request, long nanoTime) {
        request.setAttribute(BEGIN, nanoTime);
    }

    /** Where somebody who is bound to what is its own is about to be told that something is not there. */
    static void await(HttpServletRequest request, String code) {
        Caller caller = Caller.current();
        if (!code.equals(Problem.SUBSCRIPTION_NOT_FOUND.code()) || caller == null || caller.owner() == null) {
            return;
        }
        if (request.getAttribute(BEGIN) instanceof Long begin) {
            long taken = System.nanoTime() - begin;
            try {
                Thread.sleep(Duration.ofNanos(QUANTUM - taken % QUANTUM));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
