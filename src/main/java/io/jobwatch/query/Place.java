package io.jobwatch.query;

import java.time.Instant;

/**
 * A {@link Position} as an index keeps it, a million times: ordered in the same way, but without an object for the time. Equality is
 * identity; the order alone tells whether two places are the same.
 */
class Place implements Comparable<Place> {
    private final long millis;
    private final String key;

    Place(long millis, String key) {
        this.millis = millis;
        this.key = key;
    }

    static Place of(Position position) {
        return new Place(position.at().toEpochMilli(), position.key());
    }

    final long millis() {
        return millis;
    }

    final Instant at() {
        return Instant.ofEpochMilli(millis);
    }

    final String key() {
        return key;
    }

    final Position position() {
        return new Position(at(), key);
    }

    @Override
    public final int compareTo(Place other) {
        return millis == other.millis ? key.compareTo(other.key) : Long.compare(other.millis, millis);
    }
}
