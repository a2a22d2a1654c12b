package io.jobwatch.cli.doctor;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a group has come with a partition at one moment.
 *
 * @param committed where it goes on; where it has committed nothing, the beginning
 * @param begin     the first offset that is still there
 * @param end       the offset after the last committed record
 * @param waiting   the time of the first record that waits for the group; empty where none does. That {@code committed} is less than
 *                  {@code end} does not say so: the ends of transactions take offsets, too
 */
record PartitionLag(long committed, long begin, long end, Optional<Instant> waiting) {

    /** {@return how many offsets lie before the group: the records that wait, at the most} */
    long records() {
        return waiting.isEmpty() ? 0 : end - Math.max(committed, begin);
    }

    /** {@return whether retention removed what the group had not read} Of one that is empty, that may have been ends of transactions. */
    boolean expired() {
        return committed < begin && begin < end;
    }

    boolean beyondEnd() {
        return committed > end;
    }
}
