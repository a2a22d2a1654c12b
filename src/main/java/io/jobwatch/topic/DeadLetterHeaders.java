package io.jobwatch.topic;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The headers of a dead letter: those of Kafka Streams' own dead-letter queue (KIP-1034), and where in jobwatch it comes from. */
public final class DeadLetterHeaders {
    /** Which half of jobwatch could not use the record: {@link #POLL}, {@link #STREAM}, or {@link #REPLAY} for the note of a replay. */
    public static final String ORIGIN = "jobwatch.origin";
    /** An item that a service listed. */
    public static final String POLL = "poll";
    /** A record of a topic. */
    public static final String STREAM = "stream";
    /** No dead letter, but a note beside one that it was put back into its topic. */
    public static final String REPLAY = "replay";

    /** What is wrong, in a word of a small set, the one that {@link DeadLetterMetrics} counts by. */
    public static final String REASON = "jobwatch.reason";
    /** The source whose service listed the item; only of origin {@link #POLL}. */
    public static final String SOURCE = "jobwatch.source";
    /** Of a letter that was cut: how many bytes the key or the value had. */
    public static final String KEY_LENGTH = "jobwatch.key.length";
    public static final String VALUE_LENGTH = "jobwatch.value.length";
    /**
     * Of a record that was put back into its topic: the dead letter that it was taken from, as {@code <partition>:<offset>}. If it
     * cannot be processed again, the new dead letter has this header too.
     */
    public static final String REPLAYED_FROM = "jobwatch.replayed-from";
    /** Of a note of origin {@link #REPLAY}: the dead letter that was put back, as {@code <partition>:<offset>}. */
    public static final String REPLAYED = "jobwatch.replayed";
    /** Of a note of origin {@link #REPLAY}: where the record is now, as {@code <topic>-<partition>@<offset>}. */
    public static final String REPLAYED_TO = "jobwatch.replayed-to";

    /** The reason of an item that a service listed and that cannot be read. */
    public static final String BAD_ITEM = "BAD_ITEM";
    /** The reason of bytes that are not the expected Avro record. */
    public static final String MALFORMED_VALUE = "MALFORMED_VALUE";

    private static final String PREFIX = "__streams.errors.";
    /** The class of the failure. */
    public static final String EXCEPTION = PREFIX + "exception";
    /** What the failure says, for people. */
    public static final String MESSAGE = PREFIX + "message";
    /** Where the record was read; only of origin {@link #STREAM}, as are the next two. */
    public static final String TOPIC = PREFIX + "topic";
    public static final String PARTITION = PREFIX + "partition";
    public static final String OFFSET = PREFIX + "offset";

    /** What {@link EventHeaders} gives a record: by these its readers know the event and follow its trace. */
    private static final List<String> OF_THE_EVENT = List.of("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time",
            "content-type", "traceparent");

    /** Of those the ones that hold the record's key, which is as long as the job's id. */
    private static final Set<String> WITH_KEY = Set.of("ce_id", "ce_subject");

    private static final int MAX_MESSAGE_CHARS = 1_000;
    private static final int MAX_EVENT_HEADER_BYTES = 1_000;
    /**
     * Room for the longest that jobwatch writes: an id of 512 characters, each encoded as nine bytes, behind the longest name of a source
     * makes a ce_id of 4,737. Not for every header: a letter's key and value leave 48 kB for all of them.
     */
    private static final int MAX_KEY_HEADER_BYTES = 6_000;

    private DeadLetterHeaders() {
    }

    /** {@return headers for an item of a service's answer} */
    public static Headers ofItem(String source, String reason) {
        Headers headers = new RecordHeaders();
        add(headers, ORIGIN, POLL);
        add(headers, REASON, BAD_ITEM);
        add(headers, SOURCE, source);
        add(headers, EXCEPTION, "io.jobwatch.source.BadItem");
        add(headers, MESSAGE, bounded(reason));
        return headers;
    }

    /**
     * {@return headers for a record of a topic}
     *
     * @param reason one word of a small set
     */
    public static Headers ofRecord(String reason, Exception error, String topic, int partition, long offset) {
        Headers headers = new RecordHeaders();
        add(headers, ORIGIN, STREAM);
        add(headers, REASON, reason);
        add(headers, EXCEPTION, error.getClass().getName());
        add(headers, MESSAGE, bounded(String.valueOf(error.getMessage())));
        add(headers, TOPIC, topic);
        add(headers, PARTITION, Integer.toString(partition));
        add(headers, OFFSET, Long.toString(offset));
        return headers;
    }

    /**
     * Adds the headers by which the event of a record is known, as a letter keeps them and a replay gives them back. One that is longer
     * than 1,000 bytes (ce_id and ce_subject: 6,000) is left out: jobwatch writes none of those, and a letter must fit.
     */
    public static void copyEvent(Headers from, Headers to) {
        for (String name : OF_THE_EVENT) {
            Header header = from.lastHeader(name);
            int limit = WITH_KEY.contains(name) ? MAX_KEY_HEADER_BYTES : MAX_EVENT_HEADER_BYTES;
            if (header != null && header.value() != null && header.value().length <= limit) {
                to.add(header);
            }
        }
    }

    /** Adds a header whose value is text. */
    public static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A message may quote the record, and the record may be as large as records can be. */
    private static String bounded(String message) {
        return message.length() <= MAX_MESSAGE_CHARS ? message : message.substring(0, MAX_MESSAGE_CHARS) + "…";
    }
}
