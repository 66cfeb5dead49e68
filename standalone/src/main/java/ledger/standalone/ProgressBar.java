package ledger.standalone;

import java.io.Console;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** How far something has come: on a terminal only, and beside what is printed in the end, which may go elsewhere. */
final class ProgressBar {

    private static final int WIDTH = 40;

    private final @Nullable PrintWriter terminal;
    private String shown = "";

    ProgressBar() {
        Console console = System.console();
        this.terminal = console != null && console.isTerminal() ? new PrintWriter(System.err, true) : null;
    }

    /** {@code done} is from 0 to 1. */
    void show(double done, String words) {
        int full = (int) (WIDTH * done);
        String bar =
                "[%s%s] %3d %%  %s".formatted("#".repeat(full), "-".repeat(WIDTH - full), (int) (100 * done), words);
        if (terminal == null || bar.equals(shown)) {
            return;
        }
        terminal.print("\r" + bar + " ".repeat(Math.max(0, shown.length() - bar.length())));
        terminal.flush();
        shown = bar;
        if (done >= 1) {
            terminal.println();
        }
    }
}
