package io.jobwatch.poll;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose turn it is where not everyone can have one: those who never had one come first, then those whose last one is the longest ago. So
 * nobody waits for ever, whatever becomes of the turns of others. One thread.
 */
final class Turns {
    private final Map<String, Long> lastTurn = new HashMap<>();
    private long turns;

    /** {@return the ids in the order of their turns; all others are forgotten} */
    List<String> order(Collection<String> ids) {
        lastTurn.keySet().retainAll(Set.copyOf(ids));
        return ids.stream().sorted(Comparator.comparing(id -> lastTurn.getOrDefault(id, 0L))).toList();
    }

    void took(String id) {
        lastTurn.put(id, ++turns);
    }
}
