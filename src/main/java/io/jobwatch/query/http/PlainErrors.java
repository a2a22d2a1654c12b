package io.jobwatch.query.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what Jetty refuses before any route is asked, such as a malformed request, without its page, which names Jetty and may show a
 * stack trace.
 */
final class PlainErrors extends ErrorHandler {
    private final int headerBytes;

    /** @param headerBytes the most that the request line and the headers may have together */
    PlainErrors(int headerBytes) {
        this.headerBytes = headerBytes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = request.getAttribute(ERROR_EXCEPTION) instanceof HttpException refusal ? refusal.getCode() : response.getStatus();
        write(response, callback, Problem.of(status, detail(status)));
        return true;
    }

    /** Sends a problem from outside of the routes. */
    static void write(Response response, Callback callback, Problem problem) {
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE).put(HttpHeader.CACHE_CONTROL, "no-store")
                .put("X-Content-Type-Options", "nosniff");
        problem.retryAfter().ifPresent(seconds -> response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds));
        response.write(true, ByteBuffer.wrap(Json.bytes(problem::write)), callback);
    }

    private String detail(int status) {
        return switch (status) {
            case 404 -> "there is nothing at this path";
            case 414, 431 -> "the request line and the headers have more than " + headerBytes + " bytes together";
            case 505 -> "the request is not in HTTP/1.1 or HTTP/1.0";
            case 503 -> "the server is stopping";
            default -> status >= 500 ? "the answer failed; the reason is in the log" : "the request cannot be understood";
        };
    }
}
