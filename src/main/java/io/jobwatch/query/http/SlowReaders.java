package io.jobwatch.query.http;

import io.micrometer.core.instrument.Counter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Cuts off clients that read their answers too slowly. The thread that writes an answer waits while its client takes no more, and an idle
 * timeout begins anew with each byte, so a few clients could hold all threads for ever. Here an answer must be taken within a time of its
 * first halt, and when too many are halted at once, the one that has been for longest makes room. Streams of events hold no thread, may
 * stay for days, and look after slow readers themselves.
 */
final class SlowReaders extends Handler.Wrapper {
    private static final String STREAM = "text/event-stream";

    private final int most;
    private final Duration within;
    private final Counter cutOff;
    /** The longest first; guarded by itself. */
    private final Set<Answer> slow = new LinkedHashSet<>();

    /**
     * @param most   of the answers that may be halted at once: so many threads are given to slow clients, and no more
     * @param cutOff counts the clients that are cut off
     */
    SlowReaders(int most, Duration within, Counter cutOff) {
        this.most = most;
        this.within = within;
        this.cutOff = cutOff;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Answer answer = new Answer(request, response);
        Request.addCompletionListener(request, failure -> answer.ended());
        return super.handle(request, answer, callback);
    }

    private final class Answer extends Response.Wrapper {
        private Scheduler.Task deadline;
        private boolean ended;

        private Answer(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, ByteBuffer bytes, Callback callback) {
            if (isStream()) {
                super.write(last, bytes, callback);
                return;
            }
            Write write = new Write(callback);
            super.write(last, bytes, write);
            if (!write.done) {
                halted();
            }
        }

        private boolean isStream() {
            String type = getHeaders().get(HttpHeader.CONTENT_TYPE);
            return type != null && type.startsWith(STREAM);
        }

        /** Counts from the first time on, whether it goes on and halts again or not: who trickles is as slow as who stops. */
        private void halted() {
            Optional<Answer> tooMany;
            synchronized (slow) {
                if (ended || !slow.add(this)) {
                    return;
                }
                deadline = getRequest().getComponents().getScheduler().schedule(this::cutOff, within.toNanos(), TimeUnit.NANOSECONDS);
                tooMany = slow.size() > most ? Optional.of(slow.iterator().next()) : Optional.empty();
            }
            tooMany.ifPresent(Answer::cutOff);
        }

        private void ended() {
            synchronized (slow) {
                ended = true;
                slow.remove(this);
                if (deadline != null) {
                    deadline.cancel();
                }
            }
        }

        /** The thread that writes gets the failure; what is left of the answer is not sent. */
        private void cutOff() {
            synchronized (slow) {
                if (ended) {
                    return;   // the connection may be in use for another request already
                }
                ended = true;
                slow.remove(this);
            }
            cutOff.increment();
            getRequest().getConnectionMetaData().getConnection().getEndPoint().close(
                    new EofException("the client read its answer too slowly"));
        }
    }

    private static final class Write extends Callback.Nested {
        private volatile boolean done;

        private Write(Callback callback) {
            super(callback);
        }

        @Override
        public void completed() {
            done = true;
        }
    }
}
