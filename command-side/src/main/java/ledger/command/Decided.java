package ledger.command;

import java.util.UUID;

/** What a command answers: the thing as it now is, and the version of its stream. */
record Decided(UUID stream, Object view, long version) {}
