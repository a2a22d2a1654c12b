package io.jobwatch.topic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers of a record: CloudEvents 1.0 in Kafka's binary mode, and a W3C trace context. They are a function of what the record is
 * about, so a record that is made again carries the same id and consumers can tell a repetition.
 */
public final class EventHeaders {
    private static final byte[] SPEC_VERSION = ascii("1.0");
    private static final byte[] CONTENT_TYPE = ascii("application/avro");

    private final String origin;

    /** @param applicationId names the installation in {@code ce_source} */
    public EventHeaders(String applicationId) {
        this.origin = "/jobwatch/" + applicationId;
    }

    /**
     * {@return fresh headers}
     *
     * @param schema     of the value; its full name is the event's type
     * @param key        the record's key
     * @param occurrence what makes the event this one among those of its type and key, such as a sequence
     * @param time       when jobwatch saw what the event tells
     */
    public Headers of(Schema schema, String key, String occurrence, Instant time) {
        String id = key + "#" + occurrence;
        Headers headers = new RecordHeaders();
        headers.add("ce_specversion", SPEC_VERSION);
        headers.add("ce_id", utf8(id));
        headers.add("ce_type", ascii(schema.getFullName()));
        headers.add("ce_source", utf8(origin));
        headers.add("ce_subject", utf8(key));
        headers.add("ce_time", ascii(time.toString()));
        headers.add("content-type", CONTENT_TYPE);
        headers.add("traceparent", ascii(traceParent(key, id + schema.getName())));
        return headers;
    }

    /** One trace for a job, one span for each event. */
    private static String traceParent(String trace, String span) {
        return "00-" + digest(trace, 16) + "-" + digest(span, 8) + "-01";
    }

    private static String digest(String text, int bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(text)), 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
