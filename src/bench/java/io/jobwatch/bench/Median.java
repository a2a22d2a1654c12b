package io.jobwatch.bench;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle of some values, which one disturbed round does not move. */
final class Median {

    private Median() {
    }

    /** {@return the middle value, of an even number the mean of the two middle ones} */
    static <T> double of(Collection<T> values, ToDoubleFunction<T> by) {
        double[] sorted = values.stream().mapToDouble(by).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
