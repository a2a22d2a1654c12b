package io.jobwatch.topic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers of a record: CloudEvents 1.0.2 in the binary mode of its Kafka binding, and a W3C trace context. They are a function of what
 * the record is about, so a record that is made again carries the same id and consumers can tell a repetition. Immutable; the
 * {@link Maker} of a thread makes them.
 *
 * <p>{@code ce_id} is {@code <key>#<type>.<occurrence>}, such as {@code encoder-eu/7#JobTransition.1763806530000.3}: one id for each event
 * of an installation over all topics, as a transition and the report of the same stop are two events of one {@code ce_source}.
 * {@code ce_subject} is the key. Both are UTF-8, which the binding asks for; what it asks for beyond is in {@link AttributeText}.
 */
public final class EventHeaders {
    private static final Header SPEC_VERSION = header("ce_specversion", ascii("1.0"));
    private static final Header CONTENT_TYPE = header("content-type", ascii("application/avro"));

    private static final HexFormat HEX = HexFormat.of();

    private final Header origin;

    /** @param applicationId names the installation in {@code ce_source} */
    public EventHeaders(String applicationId) {
        this.origin = header("ce_source", utf8("/jobwatch/" + applicationId));
    }

    /** {@return a new maker, for one thread} */
    public Maker maker() {
        return new Maker(origin);
    }

    /**
     * Makes headers. Several records may follow from one event, and the events of a look have the same time: what is the same for the next
     * record is kept. Belongs to one thread.
     */
    public static final class Maker {
        /** Version, trace id, span id, flags (sampled). */
        private static final byte[] TRACE_PARENT = ascii("00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-01");
        private static final int TRACE_AT = 3;
        private static final int TRACE_BYTES = 16;
        private static final int SPAN_AT = TRACE_AT + 2 * TRACE_BYTES + 1;
        private static final int SPAN_BYTES = 8;

        private final Header origin;
        private final MessageDigest digest = sha256();
        private final Map<String, Type> types = new HashMap<>();
        private byte[] key;
        private Header subject;
        private byte[] trace;
        private long second = Long.MIN_VALUE;
        private String secondText;

        /**
         * A type of events.
         *
         * @param inId what stands in an id between key and occurrence
         */
        private record Type(Header header, byte[] inId) {
            static Type of(Schema schema) {
                return new Type(EventHeaders.header("ce_type", ascii(schema.getFullName())), ascii("#" + schema.getName() + "."));
            }
        }

        private Maker(Header origin) {
            this.origin = origin;
        }

        /**
         * {@return fresh headers}
         *
         * @param schema     of the value; its full name is the event's type
         * @param recordKey  the record's key, UTF-8; must not be modified later
         * @param occurrence what makes the event this one among those of its type and key, such as a sequence; ASCII without {@code #}
         * @param seenAt     when jobwatch saw what the event tells
         */
        public Headers of(Schema schema, byte[] recordKey, String occurrence, Instant seenAt) {
            if (recordKey != key) {
                key = recordKey;
                subject = header("ce_subject", AttributeText.of(recordKey));
                trace = TRACE_PARENT.clone();
                putHash(recordKey, TRACE_BYTES, trace, TRACE_AT);
            }
            Type type = types.get(schema.getFullName());
            if (type == null) {
                type = Type.of(schema);
                types.put(schema.getFullName(), type);
            }
            byte[] id = id(type, occurrence);
            // One trace for a job, one span for each event.
            byte[] traceParent = trace.clone();
            putHash(id, SPAN_BYTES, traceParent, SPAN_AT);
            return new RecordHeaders(new Header[] {SPEC_VERSION, header("ce_id", id), type.header(), origin, subject,
                header("ce_time", ascii(text(seenAt))), CONTENT_TYPE,
                header("traceparent", traceParent)});
        }

        /** Only the key may hold a {@code #}, so the last one splits, and no two events have one id. */
        private byte[] id(Type type, String occurrence) {
            byte[] about = subject.value();
            byte[] id = Arrays.copyOf(about, about.length + type.inId().length + occurrence.length());
            System.arraycopy(type.inId(), 0, id, about.length, type.inId().length);
            System.arraycopy(ascii(occurrence), 0, id, about.length + type.inId().length, occurrence.length());
            return id;
        }

        /** {@return ISO-8601, UTC, millis only when not zero} Formatting takes longer than all else here, so the seconds are kept. */
        private String text(Instant time) {
            if (time.getEpochSecond() != second) {
                second = time.getEpochSecond();
                String whole = Instant.ofEpochSecond(second).toString();
                secondText = whole.substring(0, whole.length() - 1);
            }
            int millis = time.getNano() / 1_000_000;
            return millis == 0 ? secondText + "Z" : secondText + "." + Integer.toString(1_000 + millis).substring(1) + "Z";
        }

        /** Writes the first bytes of a hash in hexadecimal. */
        private void putHash(byte[] text, int bytes, byte[] target, int at) {
            byte[] hash = digest.digest(text);
            for (int i = 0; i < bytes; i++) {
                target[at + 2 * i] = (byte) HEX.toHighHexDigit(hash[i]);
                target[at + 2 * i + 1] = (byte) HEX.toLowHexDigit(hash[i]);
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    private static Header header(String name, byte[] value) {
        return new RecordHeader(name, value);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
