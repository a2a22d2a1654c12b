package io.jobwatch.query;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts failed attempts by source and code, and knows which reports are older than the topic keeps them. One thread writes; the counts may
 * be read by any.
 */
final class FailureIndex {
    private record Code(String source, String code) {
    }

    private record Stop(String source, List<String> codes, Instant observedAt) {
    }

    private record Age(Instant observedAt, ReportKey key) implements Comparable<Age> {
        private static final Comparator<Age> ORDER = Comparator.comparing(Age::observedAt).thenComparing(Age::key);

        @Override
        public int compareTo(Age other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<ReportKey, Stop> stops = new HashMap<>();
    private final NavigableMap<Age, ReportKey> byAge = new TreeMap<>();
    private final Map<Code, Long> counts = new ConcurrentHashMap<>();

    /** Adds a report; the same one again changes nothing. */
    void put(ReportKey key, JobErrorReport report) {
        remove(key);
        Stop stop = new Stop(report.getSource(), codes(report), report.getObservedAt());
        stops.put(key, stop);
        byAge.put(new Age(stop.observedAt(), key), key);
        stop.codes().forEach(code -> counts.merge(new Code(stop.source(), code), 1L, Long::sum));
    }

    /** Forgets the reports of stops seen before a time, and says which they were. */
    List<ReportKey> removeBefore(Instant time) {
        List<ReportKey> old = new ArrayList<>();
        while (!byAge.isEmpty() && byAge.firstKey().observedAt().isBefore(time)) {
            ReportKey key = byAge.firstEntry().getValue();
            remove(key);
            old.add(key);
        }
        return old;
    }

    /** {@return the counts, most first, then by source and code} */
    List<Summary.Failures> counts() {
        return counts.entrySet().stream()
                .map(entry -> new Summary.Failures(entry.getKey().source(), entry.getKey().code(), entry.getValue()))
                .sorted(Comparator.comparing(Summary.Failures::count).reversed().thenComparing(Summary.Failures::source)
                        .thenComparing(Summary.Failures::code))
                .toList();
    }

    private void remove(ReportKey key) {
        Stop stop = stops.remove(key);
        if (stop != null) {
            byAge.remove(new Age(stop.observedAt(), key));
            stop.codes().forEach(code -> counts.computeIfPresent(new Code(stop.source(), code),
                    (same, count) -> count == 1 ? null : count - 1));
        }
    }

    /** A cancellation is no failure. */
    private static List<String> codes(JobErrorReport report) {
        if (report.getState() != JobState.ERROR) {
            return List.of();
        }
        List<String> codes = report.getTasks().stream().flatMap(task -> task.getErrors().stream()).map(ErrorDetail::getCode).distinct()
                .toList();
        return codes.isEmpty() ? List.of("") : codes;
    }
}
