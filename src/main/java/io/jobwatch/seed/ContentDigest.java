package io.jobwatch.seed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * How many records there are and what is in them, whatever their order: the sum of a hash of each one's key, value and headers. Timestamps
 * are left out, as a topic may be set to put its own. Belongs to one thread.
 */
final class ContentDigest {
    private static final int NO_VALUE = -1;

    private final MessageDigest sha256 = sha256();
    private long records;
    private long high;
    private long low;

    void add(byte[] key, byte[] value, Headers headers) {
        part(key);
        part(value);
        for (Header header : headers) {
            part(header.key().getBytes(StandardCharsets.UTF_8));
            part(header.value());
        }
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
        records++;
        high += hash.getLong();
        low += hash.getLong();
    }

    /** With its length before it, so that no two records run into the same bytes. */
    private void part(byte[] bytes) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes == null ? NO_VALUE : bytes.length).flip());
        if (bytes != null) {
            sha256.update(bytes);
        }
    }

    long records() {
        return records;
    }

    boolean sameAs(ContentDigest other) {
        return records == other.records && high == other.high && low == other.low;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
