package io.jobwatch.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Lists what is in some groups, the newest first, without a scan, and knows how much is in each.
 *
 * <p>One sorted list for each group; what is asked for is the merge of those that the filters name. One thread writes, any number reads. An
 * entry that moves is put into its new place before it leaves the old one, and a reader believes only the place that {@link #byKey}
 * confirms: so nobody meets an entry twice, and one that does not change is never missed, whatever the others do.
 *
 * @param <G> names a group; a value
 * @param <E> what is kept of a record
 */
final class GroupedIndex<G, E extends GroupedIndex.Entry<G>> {
    private final Map<String, E> byKey = new ConcurrentHashMap<>();
    private final Map<G, SortedList<E>> lists = new ConcurrentHashMap<>();
    private final GroupSizes<G> sizes = new GroupSizes<>();
    private final int mostExamined;

    /** A place in the list of each of its groups. Immutable. */
    abstract static class Entry<G> extends Place {
        Entry(long millis, String key) {
            super(millis, key);
        }

        /** {@return the groups that it belongs to, each once} */
        abstract Collection<G> groups();
    }

    private static final class SortedList<E> {
        private final ConcurrentNavigableMap<Place, E> entries = new ConcurrentSkipListMap<>();
    }

    /** A list on its way through a merge, ordered by its next entry. */
    private static final class Walk<G, E extends Place> implements Comparable<Walk<G, E>> {
        private final G group;
        private final Iterator<E> rest;
        private E head;

        private Walk(G group, Iterator<E> entries) {
            this.group = group;
            this.rest = entries;
        }

        /** {@return whether there is a head} */
        private boolean advance() {
            head = rest.hasNext() ? rest.next() : null;
            return head != null;
        }

        @Override
        public int compareTo(Walk<G, E> other) {
            return head.compareTo(other.head);
        }
    }

    /**
     * @param mostExamined how many entries one question may look at; a page that would take more ends early, and the next one goes on from
     *                     there
     */
    GroupedIndex(int mostExamined) {
        this.mostExamined = mostExamined;
    }

    /** Adds an entry, in place of the one with the same key. Only for the writing thread. */
    void put(E entry) {
        for (G group : entry.groups()) {
            lists.computeIfAbsent(group, name -> new SortedList<>()).entries.put(entry, entry);
        }
        E old = byKey.put(entry.key(), entry);
        sizes.move(old == null ? List.of() : old.groups(), entry.groups());
        if (old != null) {
            boolean moved = old.compareTo(entry) != 0;
            for (G group : old.groups()) {
                if (moved || !entry.groups().contains(group)) {
                    leave(group, old);
                }
            }
        }
    }

    /** Forgets an entry and returns it, or null if there is none. Only for the writing thread. */
    E remove(String key) {
        E old = byKey.remove(key);
        if (old != null) {
            sizes.move(old.groups(), List.of());
            old.groups().forEach(group -> leave(group, old));
        }
        return old;
    }

    /** {@return the entry of a key, or null} */
    E get(String key) {
        return byKey.get(key);
    }

    int size() {
        return byKey.size();
    }

    /** {@return the groups with something in them} */
    Set<G> groups() {
        return lists.keySet();
    }

    /** {@return how much is in a group} */
    long size(G group) {
        return sizes.of(group);
    }

    /** {@return how much is in each group with something in it, of one moment} */
    Map<G, Long> sizes() {
        return sizes.all();
    }

    /** {@return the last entry in the order of lists, of all in some groups} */
    Optional<E> oldest(Collection<G> groups) {
        E oldest = null;
        for (G group : groups) {
            SortedList<E> list = lists.get(group);
            if (list != null) {
                for (E entry : list.entries.descendingMap().values()) {
                    if (isCurrent(entry, group)) {
                        oldest = oldest == null || entry.compareTo(oldest) > 0 ? entry : oldest;
                        break;
                    }
                }
            }
        }
        return Optional.ofNullable(oldest);
    }

    /** {@return what is in a group from one time on and before another} No change may be made meanwhile. */
    List<E> between(G group, long fromMillis, long toMillis) {
        SortedList<E> list = lists.get(group);
        if (list == null) {
            return List.of();
        }
        ConcurrentNavigableMap<Place, E> before = list.entries.tailMap(new Place(toMillis - 1, ""), true);
        return (fromMillis == Long.MIN_VALUE ? before : before.headMap(new Place(fromMillis - 1, ""), false)).values().stream()
                .filter(entry -> isCurrent(entry, group)).toList();
    }

    /** {@return a page of what is in the groups and passes a filter} */
    Page<E> page(Collection<G> groups, Slice slice, Predicate<E> filter) {
        PriorityQueue<Walk<G, E>> merge = merge(groups, slice);
        long since = slice.sinceMillis();
        Found<E> found = new Found<>(slice.limit());
        E last = null;
        for (int examined = 0; !merge.isEmpty() && !found.overfull(); examined++) {
            if (examined == mostExamined) {
                return found.until(last.position());
            }
            Walk<G, E> walk = merge.remove();
            E entry = walk.head;
            if (entry.millis() < since) {
                break;
            }
            if (walk.advance()) {
                merge.add(walk);
            }
            if (isCurrent(entry, walk.group) && filter.test(entry)) {
                found.add(entry);
            }
            last = entry;
        }
        return found.page();
    }

    /** {@return a page of those candidates, in any order, that are in the groups and pass a filter} */
    Page<E> page(Stream<E> candidates, Set<G> groups, Slice slice, Predicate<E> filter) {
        long since = slice.sinceMillis();
        Place after = slice.after().map(Place::of).orElse(null);
        List<E> passing = candidates.map(entry -> byKey.get(entry.key())).filter(Objects::nonNull)
                .filter(entry -> entry.millis() >= since && (after == null || entry.compareTo(after) > 0))
                .filter(entry -> entry.groups().stream().anyMatch(groups::contains)).filter(filter).sorted().toList();
        Found<E> found = new Found<>(slice.limit());
        for (int i = 0; i < passing.size() && !found.overfull(); i++) {
            found.add(passing.get(i));
        }
        return found.page();
    }

    private PriorityQueue<Walk<G, E>> merge(Collection<G> groups, Slice slice) {
        PriorityQueue<Walk<G, E>> merge = new PriorityQueue<>();
        Place after = slice.after().map(Place::of).orElse(null);
        for (G group : groups) {
            SortedList<E> list = lists.get(group);
            if (list != null) {
                ConcurrentNavigableMap<Place, E> entries = after == null ? list.entries : list.entries.tailMap(after, false);
                Walk<G, E> walk = new Walk<>(group, entries.values().iterator());
                if (walk.advance()) {
                    merge.add(walk);
                }
            }
        }
        return merge;
    }

    private boolean isCurrent(E entry, G group) {
        E now = byKey.get(entry.key());
        return now == entry || now != null && now.compareTo(entry) == 0 && now.groups().contains(group);
    }

    private void leave(G group, E entry) {
        SortedList<E> list = lists.get(group);
        list.entries.remove(entry);
        if (list.entries.isEmpty()) {
            lists.remove(group);   // what services name, such as error codes, comes and goes without end
        }
    }

    /** What goes into a page: one more than fits tells that there is another. */
    private static final class Found<E extends Place> {
        private final int limit;
        private final List<E> entries = new ArrayList<>();
        private final Set<String> keys = new HashSet<>();

        private Found(int limit) {
            this.limit = limit;
        }

        /** An entry that moved while the page was made may come from both places. */
        private void add(E entry) {
            if (keys.add(entry.key())) {
                entries.add(entry);
            }
        }

        private boolean overfull() {
            return entries.size() > limit;
        }

        private Page<E> page() {
            return overfull() ? new Page<>(entries.subList(0, limit), Optional.of(entries.get(limit - 1).position()))
                    : new Page<>(entries, Optional.empty());
        }

        private Page<E> until(Position examined) {
            return new Page<>(entries, Optional.of(examined));
        }
    }
}
