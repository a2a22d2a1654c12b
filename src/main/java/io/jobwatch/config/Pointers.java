package io.jobwatch.config;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a value is.
 *
 * @param places JSON pointers (RFC 6901), the first that leads to a value that is there and not null counts; empty where the service has
 *               no such value
 */
public record Pointers(List<JsonPointer> places) {

    public static final Pointers NONE = new Pointers(List.of());

    public Pointers {
        places = List.copyOf(places);
    }

    public boolean configured() {
        return !places.isEmpty();
    }

    @Override
    public String toString() {
        return places.stream().map(place -> place.matches() ? "the whole" : place.toString()).collect(Collectors.joining(" or "));
    }
}
