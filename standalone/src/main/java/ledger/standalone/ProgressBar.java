package ledger.standalone;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** On a terminal only, and beside the output of a command, which may go elsewhere. */
final class ProgressBar {

    private static final int WIDTH = 40;

    private final @Nullable PrintWriter terminal;
    private int shown = -1;

    ProgressBar() {
        Console console = System.console();
        boolean isSeen = console != null && console.isTerminal();
        this.terminal = isSeen ? new PrintWriter(System.err, true, Charset.defaultCharset()) : null;
    }

    /** {@code done} is from 0 to 1; {@code where} is what else tells how far it is. */
    void show(double done, String where) {
        int percent = (int) (100 * done);
        if (terminal == null || percent == shown) {
            return;
        }
        shown = percent;
        int full = (int) (WIDTH * done);
        terminal.printf("\r[%s%s] %3d %%  %s ", "#".repeat(full), "-".repeat(WIDTH - full), percent, where);
        if (percent == 100) {
            terminal.println();
        }
    }
}
