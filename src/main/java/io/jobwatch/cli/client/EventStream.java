package io.jobwatch.cli.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection on which events come as they happen. One thread; closing it drops the connection. */
public final class EventStream implements AutoCloseable {
    static final String CONTENT_TYPE = "text/event-stream";
    private static final int MOST_EVENT_BYTES = 8 * 1024 * 1024;

    private final BodyPieces pieces;
    private final ServerEventParser parser;

    /** @param lastId where it was asked to go on; empty for from now on */
    EventStream(BodyPieces pieces, String lastId) {
        this.pieces = pieces;
        this.parser = new ServerEventParser(lastId, MOST_EVENT_BYTES);
    }

    /**
     * Waits for more of the stream.
     *
     * @param within a healthy stream tells something in this time, if only that it lives
     * @return the events that are complete now; often none
     * @throws IOException if the connection is over, or silent for too long
     */
    public List<ServerEvent> next(Duration within) throws IOException, InterruptedException {
        List<ByteBuffer> bytes = pieces.next(within)
                .orElseThrow(() -> new IOException("nothing came for " + within.toSeconds() + " s, not even that the stream lives"));
        List<ServerEvent> events = new ArrayList<>();
        for (ByteBuffer each : bytes) {
            events.addAll(parser.feed(each));
        }
        return events;
    }

    /** {@return where to go on after what {@link #next} returned; empty where the stream told no position} */
    public String lastId() {
        return parser.lastId();
    }

    /** {@return how long the server asks to wait before connecting again, where it does} */
    Optional<Duration> retry() {
        return parser.retry();
    }

    @Override
    public void close() {
        pieces.cancel();
    }
}
