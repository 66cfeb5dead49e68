package ledger.query;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Reads the ledger for those who follow it: what all of them are about to take in is read once. Events never change. */
final class NewestEvents {

    private static final int CHUNK = 1000;

    private final DataSource database;
    private final ReentrantLock lock = new ReentrantLock();

    /** Without a gap, as positions are. */
    private List<UnreadEvent> events = List.of();

    NewestEvents(DataSource database) {
        this.database = database;
    }

    /** What comes after a position, in order; a thousand at most. */
    List<UnreadEvent> after(long position) {
        lock.lock();
        try {
            if (events.isEmpty() || position > last()) {
                events = read(position);
                return events;
            } else if (position == last()) {
                List<UnreadEvent> next = read(position);
                events = Stream.concat(
                                events.stream().skip(Math.max(0, events.size() + next.size() - CHUNK)), next.stream())
                        .toList();
                return next;
            } else if (position + 1 >= first()) {
                return events.subList((int) (position + 1 - first()), events.size());
            }
        } finally {
            lock.unlock();
        }
        return read(position); // it is far behind, and holds up nobody
    }

    /** The database has gone, and may be another one when it is back. */
    void forget() {
        lock.lock();
        try {
            events = List.of();
        } finally {
            lock.unlock();
        }
    }

    private long first() {
        return events.getFirst().position();
    }

    private long last() {
        return events.getLast().position();
    }

    private List<UnreadEvent> read(long position) {
        try (Connection connection = database.getConnection()) {
            return UnreadEvent.after(connection, position, CHUNK);
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger cannot be read after position " + position, e);
        }
    }
}
