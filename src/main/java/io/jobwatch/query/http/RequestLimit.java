package io.jobwatch.query.http;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers 503 once too many requests are in progress. Probes are answered all the same: a busy instance is alive. */
final class RequestLimit extends Handler.Wrapper {
    private final int most;
    private final Counter refused;
    private final AtomicInteger running = new AtomicInteger();

    /** @param refused counts those that are not taken */
    RequestLimit(int most, Counter refused) {
        this.most = most;
        this.refused = refused;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (Request.getPathInContext(request).startsWith("/health/")) {
            return super.handle(request, response, callback);
        }
        Request.addCompletionListener(request, failure -> running.decrementAndGet());
        if (running.incrementAndGet() <= most) {
            return super.handle(request, response, callback);
        }
        refused.increment();
        PlainErrors.write(response, callback,
                Problem.unavailable(most + " requests are in progress, more are not taken; try again soon", 1));
        return true;
    }
}
