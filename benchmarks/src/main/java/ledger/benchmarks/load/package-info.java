/** A load generator for HTTP/1.1 that costs a few microseconds a request, since it shares the machine with what it measures. */
@NullMarked
package ledger.benchmarks.load;

import org.jspecify.annotations.NullMarked;
