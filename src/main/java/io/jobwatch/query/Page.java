package io.jobwatch.query;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param items in the order of the list
 * @param next  where the next page begins after; empty on the last page
 */
public record Page<T>(List<T> items, Optional<Position> next) {

    public Page {
        items = List.copyOf(items);
    }
}
