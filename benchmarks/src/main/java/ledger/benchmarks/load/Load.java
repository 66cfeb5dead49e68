package ledger.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests over a number of keep-alive connections from one thread, or two for an open loop, for a while.
 *
 * <p>Closed loop: each connection sends its next request when it has the answer to the last. It finds the highest rate, and hides
 * queueing, since a slow server is asked less. Open loop: requests come at random moments of a given rate, whatever the server
 * does, as from many independent clients; a request for which no connection is free waits, and that counts.
 */
public final class Load implements AutoCloseable {

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);
    private static final int BUFFER = 64 * 1024;

    private final Selector selector;
    private final List<Link> links = new ArrayList<>();
    private final Requests requests;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] arrived = new byte[BUFFER];

    /** The connections are spread over the targets, one after the other. */
    private Load(List<InetSocketAddress> targets, int connections, Requests requests) throws IOException {
        this.requests = requests;
        this.selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            links.add(Link.open(i, targets.get(i % targets.size()), selector));
        }
    }

    public static Outcome closed(List<InetSocketAddress> targets, int connections, Requests requests, Duration time) {
        try (Load load = new Load(targets, connections, requests)) {
            return load.closed(time);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Outcome open(
            List<InetSocketAddress> targets, int connections, Requests requests, double rate, Duration time) {
        try (Load load = new Load(targets, connections, requests)) {
            return load.open(rate, time);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Outcome closed(Duration time) throws IOException {
        Outcome outcome = Outcome.of(time);
        long end = System.nanoTime() + time.toNanos();
        for (Link link : links) {
            link.send(requests, System.nanoTime());
        }
        int flying = links.size();
        while (flying > 0) {
            await(end);
            for (SelectionKey key : selector.selectedKeys()) {
                Link link = (Link) key.attachment();
                if (!isAnswered(link)) {
                    continue;
                }
                long now = System.nanoTime();
                if (now < end) {
                    outcome.add(link.status(), now - link.intended());
                    link.send(requests, now);
                } else {
                    flying--;
                }
            }
            selector.selectedKeys().clear();
        }
        return outcome;
    }

    private Outcome open(double rate, Duration time) throws IOException {
        Outcome outcome = Outcome.of(time);
        BlockingQueue<Link> idle = new LinkedBlockingQueue<>(links);
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        FutureTask<Integer> sender = new FutureTask<>(() -> send(rate, begin, end, idle));
        Thread.ofPlatform().name("sender").start(sender);
        int received = 0;
        while (!sender.isDone() || received < result(sender)) {
            await(end);
            for (SelectionKey key : selector.selectedKeys()) {
                Link link = (Link) key.attachment();
                if (isAnswered(link)) {
                    // Those that were due within the time count, however late their answer.
                    outcome.add(link.status(), System.nanoTime() - link.intended());
                    received++;
                    idle.add(link);
                }
            }
            selector.selectedKeys().clear();
        }
        return outcome;
    }

    /** Requests at moments of a Poisson process, each over the connection that has been idle for longest; how many there were. */
    private int send(double rate, long begin, long end, BlockingQueue<Link> idle) throws InterruptedException {
        Random random = new Random(42);
        double due = begin;
        int sent = 0;
        while (true) {
            due += -Math.log(1 - random.nextDouble()) / rate * 1e9;
            if (due >= end) {
                return sent;
            }
            for (long left = (long) due - System.nanoTime(); left > 0; left = (long) due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            Link link = idle.poll(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
            if (link == null) {
                throw new IllegalStateException("no request was answered for " + LAST_ANSWERS);
            }
            link.send(requests, (long) due);
            sent++;
        }
    }

    private static int result(FutureTask<Integer> sender) {
        try {
            return sender.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await(long end) throws IOException {
        if (selector.select(100) == 0 && System.nanoTime() - end > LAST_ANSWERS.toNanos()) {
            throw new IllegalStateException("requests were not answered within " + LAST_ANSWERS);
        }
    }

    private boolean isAnswered(Link link) throws IOException {
        in.clear();
        int read = link.read(in);
        in.flip();
        in.get(arrived, 0, read);
        return link.isAnswered(arrived, read, requests);
    }

    @Override
    public void close() throws IOException {
        for (Link link : links) {
            link.close();
        }
        selector.close();
    }
}
