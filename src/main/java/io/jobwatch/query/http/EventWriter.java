package io.jobwatch.query.http;

import io.javalin.http.Context;
import io.jobwatch.query.stream.TransitionReader;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a reader of the stream has to say to its connection, whenever that can take more, and never waits for it. Whoever wakes it up
 * writes; when another thread does so already, that one goes round once more instead, so none waits for the other either.
 */
final class EventWriter implements WriteListener {
    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final TransitionReader reader;
    private Context context;
    private ServletOutputStream out;
    private boolean unflushed;
    private volatile boolean started;

    /** @param open opens the reader, given its wake-up; its exceptions come out of here */
    EventWriter(Function<Runnable, TransitionReader> open) {
        reader = open.apply(this::wake);
    }

    /**
     * Begins to write, to a request that has become asynchronous. Whoever gets an exception closes this.
     *
     * @return completes when nothing will be written any more
     */
    CompletableFuture<Void> start(Context request) {
        context = request;
        try {
            AsyncContext async = request.req().getAsyncContext();
            async.setTimeout(0);   // it may stay for days
            out = request.res().getOutputStream();
            out.setWriteListener(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return end;
    }

    /** Lets what is there be written. */
    void wake() {
        if (!started || wakeUps.getAndIncrement() > 0) {
            return;   // the first round, or the one that is on, finds it
        }
        int heard = 1;
        do {
            write();
            heard = wakeUps.addAndGet(-heard);
        } while (heard > 0);
    }

    /** Ends the stream. */
    void close() {
        reader.close();
        wake();
    }

    @Override
    public void onWritePossible() {
        started = true;
        wake();
    }

    @Override
    public void onError(Throwable failure) {
        LOG.debug("A reader of the stream has gone", failure);
        reader.close();
        end.complete(null);
    }

    private void write() {
        try {
            while (!end.isDone() && out.isReady()) {
                byte[] block = reader.next().orElse(null);
                if (block != null) {
                    out.write(block);
                    unflushed = true;
                } else if (reader.ended()) {
                    end.complete(null);
                } else if (unflushed) {
                    unflushed = false;
                    out.flush();
                } else {
                    return;
                }
            }
            if (!end.isDone() && reader.ended()) {
                abort();
            }
        } catch (IOException e) {
            onError(e);
        } catch (RuntimeException e) {
            LOG.error("Writing to a reader of the stream failed", e);
            onError(e);
        }
    }

    /** The connection takes nothing, so an orderly end would wait for it. */
    private void abort() {
        ServletContextRequest.getServletContextRequest(context.req()).getConnectionMetaData().getConnection().getEndPoint().close();
        end.complete(null);
    }
}
