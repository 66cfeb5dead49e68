package ledger.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A connection, with at most one request on its way. */
final class Link implements AutoCloseable {

    private final int number;
    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(8 * 1024);
    private final AnswerReader answers = new AnswerReader();
    private volatile long intended;

    private Link(int number, SocketChannel channel) {
        this.number = number;
        this.channel = channel;
    }

    static Link open(int number, InetSocketAddress target, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(target);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Link link = new Link(number, channel);
        channel.register(selector, SelectionKey.OP_READ, link);
        return link;
    }

    /** When the request that is on its way was to be sent. */
    long intended() {
        return intended;
    }

    int status() {
        return answers.status();
    }

    void send(Requests requests, long when) {
        intended = when;
        out.clear();
        requests.next(number, out);
        out.flip();
        try {
            while (out.hasRemaining()) { // far less than a socket's buffer holds
                channel.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int read(ByteBuffer in) throws IOException {
        int read = channel.read(in);
        if (read < 0) {
            throw new EOFException("the server closed connection " + number);
        }
        return read;
    }

    /** Takes what was read; whether the answer is complete. */
    boolean isAnswered(byte[] bytes, int length, Requests requests) {
        int end = answers.take(bytes, 0, length);
        if (end < 0) {
            return false;
        }
        if (end < length) {
            throw new IllegalStateException("connection " + number + " received more than was asked for");
        }
        if (!requests.expects(answers.status())) {
            throw new IllegalStateException(
                    "a request was answered\n" + new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
