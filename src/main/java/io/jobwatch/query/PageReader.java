package io.jobwatch.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads the records of a page of an index. The store is ahead of the index: left out is what is forgotten since the index was asked, or
 * what the question no longer lets pass. A page ends early where its records are large, so that a few requests for reports of a megabyte
 * each do not take the memory of the whole instance.
 *
 * @param store     finds what is stored under the key of a place; null for nothing
 * @param decoder   of what is stored
 * @param mostBytes a page ends with the record that brings what was read to so many stored bytes
 */
record PageReader<T>(Function<String, byte[]> store, Function<byte[], T> decoder, long mostBytes) {

    /** {@return the records of the first places of a page, at least one, and where the next page begins} */
    Page<T> read(Page<? extends Place> places, Predicate<T> passes) {
        List<T> records = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < places.items().size(); i++) {
            if (bytes >= mostBytes) {
                return new Page<>(records, Optional.of(places.items().get(i - 1).position()));
            }
            byte[] value = store.apply(places.items().get(i).key());
            if (value != null) {
                bytes += value.length;
                T record = decoder.apply(value);
                if (passes.test(record)) {
                    records.add(record);
                }
            }
        }
        return new Page<>(records, places.next());
    }
}
