package io.jobwatch.query;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

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

    /**
     * {@return the records of a page of an index} The store is ahead of the index: left out is what is forgotten since the index was asked,
     * or what the question no longer lets pass.
     */
    <R> Page<R> read(Function<T, Optional<R>> store, Predicate<R> passes) {
        return new Page<>(items.stream().map(store).flatMap(Optional::stream).filter(passes).toList(), next);
    }
}
