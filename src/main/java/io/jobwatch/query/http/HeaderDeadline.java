package io.jobwatch.query.http;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose headers do not come to an end. An idle timeout alone begins anew with each byte, so a client that sends one now
 * and then would hold its connection for ever. A new connection counts from its beginning, TLS included; one that had a request, from when
 * more came in.
 */
final class HeaderDeadline extends AbstractLifeCycle implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(HeaderDeadline.class);
    private static final long LOOKS = 10;

    private final long nanos;
    private final Scheduler scheduler;
    private final Counter late;
    private final Map<Connection, Progress> open = new ConcurrentHashMap<>();

    /** What had come in when the connection was last seen to get on. */
    private record Progress(long requests, long bytes, long since) {
    }

    /** @param late counts the connections that are closed */
    HeaderDeadline(Duration within, Scheduler scheduler, Counter late) {
        this.nanos = within.toNanos();
        this.scheduler = scheduler;
        this.late = late;
    }

    @Override
    protected void doStart() {
        lookAgain();
    }

    @Override
    public void onOpened(Connection connection) {
        // The outer one of TLS counts no requests; the HTTP connection within it is there from the beginning.
        if (connection.getMessagesIn() >= 0) {
            open.put(connection, new Progress(0, 0, NanoTime.now()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    private void lookAgain() {
        scheduler.schedule(this::look, nanos / LOOKS, TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (isRunning()) {
            try {
                open.forEach(this::lookSafely);
            } finally {
                lookAgain();
            }
        }
    }

    /** What goes wrong with one connection must not end the deadline of the others. */
    private void lookSafely(Connection connection, Progress before) {
        try {
            look(connection, before);
        } catch (RuntimeException e) {
            open.remove(connection);
            LOG.warn("A connection is not watched any more, as it cannot be asked or closed: {}", connection, e);
        }
    }

    private void look(Connection connection, Progress before) {
        long requests = connection.getMessagesIn();
        long bytes = connection.getBytesIn();
        boolean begun = requests == 0 || bytes > before.bytes();
        if (requests != before.requests() || !begun) {
            // While a request is answered or nothing comes in, nothing is late.
            open.replace(connection, before, new Progress(requests, bytes, NanoTime.now()));
        } else if (NanoTime.since(before.since()) > nanos) {
            open.remove(connection);
            late.increment();
            connection.getEndPoint().close(new TimeoutException("the headers of a request did not come to their end in time"));
        }
    }
}
