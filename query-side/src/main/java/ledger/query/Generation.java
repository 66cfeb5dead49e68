package ledger.query;

import java.util.Locale;

/** One building of a version's tables: a schema of its own, and a row of views.projection that says how far it has come. */
public record Generation(String group, int version, Stage stage) {

    public enum Stage {
        /** What readers read. */
        SERVED,
        /** Built aside. */
        NEXT,
        /** What was served before the last switch. */
        PREVIOUS,
        /** Only inside of a switch. */
        AWAY
    }

    public Generation at(Stage other) {
        return new Generation(group, version, other);
    }

    public String schema() {
        String served = "views_" + group + "_" + version;
        return stage == Stage.SERVED ? served : served + "_" + stage.name().toLowerCase(Locale.ROOT);
    }

    /** What its jobs are about: one of them at a time. */
    public String subject() {
        return group + "/" + version;
    }
}
