package io.jobwatch.cli.client;

import io.jobwatch.source.LimitedBody;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;

/** The body of an answer. */
sealed interface Body {
    /** A page of the largest jobs has more, and is then asked for in parts. */
    int MOST_BYTES = 32 * 1024 * 1024;

    /** All of it, in memory. */
    record Whole(byte[] bytes) implements Body {
    }

    /** It comes in pieces, for as long as the connection lives. */
    record Pieces(BodyPieces pieces) implements Body {
    }

    static BodyHandler<Body> whole() {
        return info -> limited(info);
    }

    /** Takes a stream of events as one, and any other answer, such as the reason why there is none, whole. */
    static BodyHandler<Body> stream() {
        return info -> info.statusCode() == 200
                && info.headers().firstValue("Content-Type").orElse("").startsWith(EventStream.CONTENT_TYPE)
                ? BodySubscribers.mapping(new BodyPieces(), Pieces::new) : limited(info);
    }

    private static HttpResponse.BodySubscriber<Body> limited(HttpResponse.ResponseInfo info) {
        return BodySubscribers.mapping(new LimitedBody(MOST_BYTES, info.headers().firstValueAsLong("Content-Length")), Whole::new);
    }
}
