package io.jobwatch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How far each job had come when, as one observer saw it: the sequence of its last change. Thread-safe. */
final class Sightings {
    private final Map<String, List<Sighting>> byKey = new ConcurrentHashMap<>();

    private record Sighting(long nanos, long sequence) {
    }

    /** Notes that a job has come so far by now; what is not news is left out. */
    void saw(String key, long sequence) {
        List<Sighting> seen = byKey.computeIfAbsent(key, job -> new ArrayList<>());
        synchronized (seen) {
            if (seen.isEmpty() || seen.get(seen.size() - 1).sequence() < sequence) {
                seen.add(new Sighting(System.nanoTime(), sequence));
            }
        }
    }

    /** {@return how far the job was known to be at a moment, 0 if it was not known} */
    long at(String key, long nanos) {
        List<Sighting> seen = byKey.getOrDefault(key, List.of());
        synchronized (seen) {
            for (int i = seen.size() - 1; i >= 0; i--) {
                if (seen.get(i).nanos() <= nanos) {
                    return seen.get(i).sequence();
                }
            }
        }
        return 0;
    }

    /** {@return the jobs that were known at a moment, with how far they were} */
    Map<String, Long> at(long nanos) {
        Map<String, Long> known = new ConcurrentHashMap<>();
        for (String key : byKey.keySet()) {
            long sequence = at(key, nanos);
            if (sequence > 0) {
                known.put(key, sequence);
            }
        }
        return known;
    }
}
