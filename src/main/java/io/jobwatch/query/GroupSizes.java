package io.jobwatch.query;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How much is in each group, all of it at the same moment: nothing that moves is counted twice or not at all. Thread-safe. */
final class GroupSizes<G> {
    private final Map<G, Long> sizes = new HashMap<>();

    /** Takes one entry out of some groups and puts it into others. */
    synchronized void move(Collection<G> from, Collection<G> to) {
        to.forEach(group -> sizes.merge(group, 1L, Long::sum));
        from.forEach(group -> sizes.compute(group, (same, size) -> size == null || size == 1 ? null : size - 1));
    }

    /** {@return how much is in a group} */
    synchronized long of(G group) {
        return sizes.getOrDefault(group, 0L);
    }

    /** {@return how much is in each group with something in it} */
    synchronized Map<G, Long> all() {
        return Map.copyOf(sizes);
    }
}
