package io.jobwatch.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The headers of a dead letter: those of Kafka Streams' own dead-letter queue (KIP-1034), and where in jobwatch it comes from. */
public final class DeadLetterHeaders {
    /** Which half of jobwatch could not use the record. */
    public static final String ORIGIN = "jobwatch.origin";
    /** An item that a service listed. */
    public static final String POLL = "poll";
    /** A record of a topic. */
    public static final String STREAM = "stream";

    private static final int MAX_MESSAGE_CHARS = 1_000;

    private static final String PREFIX = "__streams.errors.";

    private DeadLetterHeaders() {
    }

    /** {@return headers for an item of a service's answer} */
    public static Headers ofItem(String source, String reason) {
        Headers headers = new RecordHeaders();
        add(headers, ORIGIN, POLL);
        add(headers, "jobwatch.source", source);
        add(headers, PREFIX + "exception", "io.jobwatch.source.BadItem");
        add(headers, PREFIX + "message", bounded(reason));
        return headers;
    }

    /** {@return headers for a record of a topic} */
    public static Headers ofRecord(Exception error, String topic, int partition, long offset) {
        Headers headers = new RecordHeaders();
        add(headers, ORIGIN, STREAM);
        add(headers, PREFIX + "exception", error.getClass().getName());
        add(headers, PREFIX + "message", bounded(String.valueOf(error.getMessage())));
        add(headers, PREFIX + "topic", topic);
        add(headers, PREFIX + "partition", Integer.toString(partition));
        add(headers, PREFIX + "offset", Long.toString(offset));
        return headers;
    }

    /** A message may quote the record, and the record may be as large as records can be. */
    private static String bounded(String message) {
        return message.length() <= MAX_MESSAGE_CHARS ? message : message.substring(0, MAX_MESSAGE_CHARS) + "…";
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
