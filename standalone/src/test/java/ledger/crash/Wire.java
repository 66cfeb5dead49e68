package ledger.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What lies between a node and its PostgreSQL. It can be cut behind any byte, in either direction, and it can go silent. */
final class Wire implements AutoCloseable {

    enum Direction {
        TO_SERVER,
        TO_NODE
    }

    /** Burns with the bytes that go by, whichever connection they belong to; that of the last one is cut. */
    private record Fuse(Direction direction, AtomicLong left, CountDownLatch burnt) {}

    private final int target;
    private final ServerSocket entrance;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Fuse> fuse = new AtomicReference<>();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile CountDownLatch speaking = new CountDownLatch(0);

    Wire(int target) throws IOException {
        this.target = target;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("wire").start(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** How many connections were cut. */
    int cuts() {
        return cuts.get();
    }

    /** Lets so many bytes go by, cuts the connection that carried the last, and returns. */
    void cutBehind(long bytes, Direction direction) throws InterruptedException {
        Fuse lit = new Fuse(direction, new AtomicLong(bytes), new CountDownLatch(1));
        fuse.set(lit);
        lit.burnt.await();
    }

    void cutAll() {
        lines.forEach(Line::cut);
    }

    /** From now on nothing gets through, and neither side is told; new connections are accepted and lead nowhere. */
    void silence() {
        speaking = new CountDownLatch(1);
    }

    /** What was held back gets through, late. */
    void speak() {
        speaking.countDown();
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        speak();
        lines.forEach(Line::cut);
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket node = entrance.accept();
                Thread.ofVirtual().start(() -> connect(node));
            } catch (IOException _) {
                // closed, or a node that was faster gone than here
            }
        }
    }

    private void connect(Socket node) {
        try {
            speaking.await();
            Line line = new Line(node, new Socket(InetAddress.getLoopbackAddress(), target));
            lines.add(line);
            Thread.ofVirtual().start(() -> line.carry(Direction.TO_NODE));
            line.carry(Direction.TO_SERVER);
        } catch (IOException e) { // no server is there
            hangUp(node);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void hangUp(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // a reset, as from a machine that is gone
            socket.close();
        } catch (IOException _) {
            // it is closed already
        }
    }

    private final class Line {

        private final Socket node;
        private final Socket server;

        Line(Socket node, Socket server) throws IOException {
            this.node = node;
            this.server = server;
            node.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void carry(Direction direction) {
            boolean toServer = direction == Direction.TO_SERVER;
            try (InputStream in = (toServer ? node : server).getInputStream();
                    OutputStream out = (toServer ? server : node).getOutputStream()) {
                byte[] buffer = new byte[8192];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    speaking.await();
                    pass(direction, out, buffer, read);
                }
            } catch (IOException _) {
                // one side is gone, or the line was cut
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                drop();
            }
        }

        private void pass(Direction direction, OutputStream out, byte[] buffer, int length) throws IOException {
            Fuse lit = fuse.get();
            if (lit == null || lit.direction != direction) {
                out.write(buffer, 0, length);
                return;
            }
            long left = lit.left.getAndAdd(-length);
            if (left > length || left < 0 || !fuse.compareAndSet(lit, null)) {
                out.write(buffer, 0, length);
                return;
            }
            out.write(buffer, 0, (int) left);
            cut();
            lit.burnt.countDown();
        }

        void cut() {
            cuts.incrementAndGet();
            drop();
        }

        private void drop() {
            lines.remove(this);
            hangUp(node);
            hangUp(server);
        }
    }
}
