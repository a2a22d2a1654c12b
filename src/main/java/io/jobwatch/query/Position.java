package io.jobwatch.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where a job stands in the order of lists: the newest change first, then by key. A page that begins after the last position of the one
 * before sees each job that did not change meanwhile exactly once.
 *
 * @param changedAt of the job's status, in whole milliseconds
 * @param key       {@code source/jobId}
 */
public record Position(Instant changedAt, String key) implements Comparable<Position> {
    private static final Comparator<Position> ORDER = Comparator.comparing(Position::changedAt).reversed().thenComparing(Position::key);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /** {@return this position as an opaque text that is safe in a URL} */
    public String toCursor() {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + keyBytes.length).putLong(changedAt.toEpochMilli()).put(keyBytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** {@return the position that became this text, or empty where none did} */
    public static Optional<Position> ofCursor(String cursor) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            if (bytes.remaining() <= Long.BYTES) {
                return Optional.empty();
            }
            Instant changedAt = Instant.ofEpochMilli(bytes.getLong());
            Position position = new Position(changedAt, StandardCharsets.UTF_8.decode(bytes).toString());
            // What was not written by toCursor does not come out the same.
            return position.toCursor().equals(cursor) ? Optional.of(position) : Optional.empty();
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
