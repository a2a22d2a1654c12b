package io.jobwatch.query.stream;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A position in every partition of a topic, as a text that is safe in a header and a URL: base64url of a version, the topic's incarnation,
 * the number of partitions, the offset of the next record in each (in groups of seven bits, low ones first), and a checksum over all that
 * and the topic's name. About 30 characters for six partitions.
 *
 * @param incarnation of the topic that the offsets are of
 * @param next        the offset of the next record to read, by partition; the array is not copied
 */
record StreamPosition(int incarnation, long[] next) {
    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;
    private static final int MAX_NUMBER_BYTES = 9;
    private static final int MAX_TEXT = 16_384;

    /** {@return the text} */
    static String encode(TopicIdentity topic, long[] next) {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + MAX_NUMBER_BYTES * (next.length + 1) + Integer.BYTES);
        bytes.put(VERSION).putInt(topic.incarnation());
        putNumber(bytes, next.length);
        for (long offset : next) {
            putNumber(bytes, offset);
        }
        bytes.putInt(checksum(topic.name(), bytes.array(), bytes.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    /** {@return the position that became this text, or empty where none in the named topic did} */
    static Optional<StreamPosition> parse(String text, String topicName) {
        if (text.length() > MAX_TEXT) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            int end = bytes.limit() - Integer.BYTES;
            if (end < HEAD_BYTES + 1 || bytes.getInt(end) != checksum(topicName, bytes.array(), end) || bytes.get() != VERSION) {
                return Optional.empty();
            }
            bytes.limit(end);
            int incarnation = bytes.getInt();
            long partitions = number(bytes);
            if (partitions < 1 || partitions > bytes.remaining()) {
                return Optional.empty();
            }
            long[] next = new long[(int) partitions];
            for (int partition = 0; partition < next.length; partition++) {
                next[partition] = number(bytes);
            }
            // What was not written by encode does not come out the same.
            return encode(new TopicIdentity(topicName, incarnation, next.length), next).equals(text)
                    ? Optional.of(new StreamPosition(incarnation, next)) : Optional.empty();
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static void putNumber(ByteBuffer bytes, long number) {
        long rest = number;
        while (rest > 0x7f) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    private static long number(ByteBuffer bytes) {
        long number = 0;
        for (int group = 0; group < MAX_NUMBER_BYTES; group++) {
            byte next = bytes.get();
            number |= (next & 0x7fL) << 7 * group;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number of more than " + MAX_NUMBER_BYTES + " bytes");
    }

    private static int checksum(String topicName, byte[] bytes, int length) {
        CRC32 checksum = new CRC32();
        checksum.update(topicName.getBytes(StandardCharsets.UTF_8));
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
