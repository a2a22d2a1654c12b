package io.jobwatch.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where something stands in the order of lists: the newest first, then by key. A page that begins after the position where the one before
 * ended sees each record that did not change meanwhile exactly once.
 *
 * @param at  what the list is ordered by, in whole milliseconds: of a job the last change, of a failure when it was seen, of an alert when
 *            it was noticed
 * @param key tells apart what has the same time; unique within the list
 */
public record Position(Instant at, String key) implements Comparable<Position> {
    private static final Comparator<Position> ORDER = Comparator.comparing(Position::at).reversed().thenComparing(Position::key);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /** {@return this position as an opaque text that is safe in a URL} */
    public String toCursor() {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + keyBytes.length).putLong(at.toEpochMilli()).put(keyBytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** {@return the position that became this text, or empty where none did} */
    public static Optional<Position> ofCursor(String cursor) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            if (bytes.remaining() <= Long.BYTES) {
                return Optional.empty();
            }
            Instant at = Instant.ofEpochMilli(bytes.getLong());
            Position position = new Position(at, StandardCharsets.UTF_8.decode(bytes).toString());
            // What was not written by toCursor does not come out the same.
            return position.toCursor().equals(cursor) ? Optional.of(position) : Optional.empty();
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
