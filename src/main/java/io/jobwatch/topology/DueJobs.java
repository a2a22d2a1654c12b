package io.jobwatch.topology;

import io.jobwatch.job.Deadline;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;

/**
 * The jobs of a task in the order in which something may be due for them. Belongs to the task's thread.
 *
 * <p>Lazy: a job that has a deadline has an entry at that time or before. A deadline that moves away leaves the entry where it is, and
 * whoever takes it out looks at the job again and puts it back: so most events, which only move a deadline away, cost nothing here.
 */
final class DueJobs {
    private static final Comparator<Entry> ORDER = Comparator.comparingLong(Entry::atMillis).thenComparing(Entry::key);

    private final TreeSet<Entry> entries = new TreeSet<>(ORDER);

    private record Entry(long atMillis, Bytes key) {
    }

    /** Keeps the promise of an entry where a job's deadline changes. */
    void changed(Bytes key, Optional<Deadline> before, Optional<Deadline> after) {
        if (after.isPresent() && (before.isEmpty() || after.get().atMillis() < before.get().atMillis())) {
            put(key, after.get().atMillis());
        }
    }

    /** A second entry of a job at the same time is one with the first. */
    void put(Bytes key, long atMillis) {
        entries.add(new Entry(atMillis, key));
    }

    /** {@return the first job whose entry's time has come, taken out; null if there is none} */
    Bytes take(long nowMillis) {
        if (entries.isEmpty() || entries.first().atMillis() > nowMillis) {
            return null;
        }
        return entries.pollFirst().key();
    }

    int size() {
        return entries.size();
    }
}
