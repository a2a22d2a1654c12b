package io.jobwatch.query;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** How many attempts failed, by source and code, kept in order: services may name ever new codes, and few are asked for. Thread-safe. */
final class FailureCounts {
    private final Map<Name, Long> counts = new HashMap<>();
    private final NavigableSet<Summary.Failures> inOrder = new TreeSet<>(Comparator.comparing(Summary.Failures::count).reversed()
            .thenComparing(Summary.Failures::source).thenComparing(Summary.Failures::code));

    private record Name(String source, String code) {
    }

    synchronized void change(String source, String code, long by) {
        Name name = new Name(source, code);
        long before = counts.getOrDefault(name, 0L);
        long after = before + by;
        inOrder.remove(new Summary.Failures(source, code, before));
        if (after == 0) {
            counts.remove(name);
        } else {
            counts.put(name, after);
            inOrder.add(new Summary.Failures(source, code, after));
        }
    }

    /** {@return the highest counts, then by source and code} */
    synchronized List<Summary.Failures> first(int most) {
        return inOrder.stream().limit(most).toList();
    }
}
