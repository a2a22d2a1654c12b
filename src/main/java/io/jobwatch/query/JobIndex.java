package io.jobwatch.query;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Finds jobs by source, state and time of change without a scan, and counts them.
 *
 * <p>One sorted map for each source and state; a list is the merge of those that its filters name. One thread writes, any number reads. A
 * job that moves is put into its new place before it leaves the old one, and a reader believes only the place that {@link #byKey} confirms:
 * so nobody meets a job twice, and a job that does not change is never missed, whatever the others do.
 */
final class JobIndex {
    private record GroupName(String source, JobState state) {
    }

    private static final class Group {
        private final ConcurrentNavigableMap<Position, JobEntry> entries = new ConcurrentSkipListMap<>();
        /** Kept by the writer, because the map would have to count itself. */
        private volatile long size;
    }

    /** A group on its way through a merge, ordered by its next entry. */
    private static final class Walk implements Comparable<Walk> {
        private final Iterator<JobEntry> rest;
        private JobEntry head;

        private Walk(Iterator<JobEntry> entries) {
            this.rest = entries;
            advance();
        }

        private void advance() {
            head = rest.hasNext() ? rest.next() : null;
        }

        @Override
        public int compareTo(Walk other) {
            return head.position().compareTo(other.head.position());
        }
    }

    private final Map<String, JobEntry> byKey = new ConcurrentHashMap<>();
    private final Map<GroupName, Group> groups = new ConcurrentHashMap<>();
    /** One copy of each source and account instead of one a job. Only the writer uses it. */
    private final Map<String, String> shared = new TreeMap<>();

    /** Adds a job or brings it up to date. Only for the writing thread. */
    void put(String key, JobStatus status) {
        JobEntry entry = new JobEntry(new Position(status.getChangedAt(), key), share(status.getSource()), share(status.getAccount()),
                status.getJobName(), status.getState());
        Group group = groups.computeIfAbsent(groupOf(entry), name -> new Group());
        JobEntry old = byKey.get(key);
        if (group.entries.put(entry.position(), entry) == null) {
            changeSize(group, 1);
        }
        byKey.put(key, entry);
        if (old != null && !(groupOf(old).equals(groupOf(entry)) && old.position().equals(entry.position()))) {
            leave(old);
        }
    }

    /** Forgets a job, if it is known. Only for the writing thread. */
    void remove(String key) {
        JobEntry old = byKey.remove(key);
        if (old != null) {
            leave(old);
        }
    }

    /** {@return the jobs that a query lets pass, the newest change first} */
    Page<JobEntry> page(JobQuery query) {
        PriorityQueue<Walk> merge = new PriorityQueue<>();
        groups.forEach((name, group) -> {
            if (query.source().map(name.source()::equals).orElse(true)
                    && (query.states().isEmpty() || query.states().contains(name.state()))) {
                ConcurrentNavigableMap<Position, JobEntry> entries = query.after()
                        .map(position -> group.entries.tailMap(position, false)).orElse(group.entries);
                enqueue(merge, new Walk(entries.values().iterator()));
            }
        });
        List<JobEntry> found = new ArrayList<>();
        while (!merge.isEmpty() && found.size() <= query.limit()) {
            Walk walk = merge.remove();
            JobEntry entry = walk.head;
            walk.advance();
            enqueue(merge, walk);
            if (query.changedSince().map(entry.changedAt()::isBefore).orElse(false)) {
                break;
            }
            if (isCurrent(entry) && query.account().map(entry.account()::equals).orElse(true)
                    && query.name().map(entry::nameContains).orElse(true)) {
                found.add(entry);
            }
        }
        if (found.size() <= query.limit()) {
            return new Page<>(found, Optional.empty());
        }
        List<JobEntry> items = found.subList(0, query.limit());
        return new Page<>(items, Optional.of(items.get(items.size() - 1).position()));
    }

    /** {@return the number of jobs by source, by name, and state; nothing for none} */
    Map<String, Map<JobState, Long>> counts() {
        Map<String, Map<JobState, Long>> result = new TreeMap<>();
        groups.forEach((name, group) -> {
            long size = group.size;
            if (size > 0) {
                result.computeIfAbsent(name.source(), source -> new EnumMap<>(JobState.class)).put(name.state(), size);
            }
        });
        return result;
    }

    /** {@return the job that entered the state first of all that are in it} */
    Optional<JobEntry> oldest(JobState state) {
        JobEntry oldest = null;
        for (Map.Entry<GroupName, Group> group : groups.entrySet()) {
            if (group.getKey().state() == state) {
                Map.Entry<Position, JobEntry> last = group.getValue().entries.lastEntry();
                if (last != null && (oldest == null || last.getKey().compareTo(oldest.position()) > 0)) {
                    oldest = last.getValue();
                }
            }
        }
        return Optional.ofNullable(oldest);
    }

    int size() {
        return byKey.size();
    }

    private static void enqueue(PriorityQueue<Walk> merge, Walk walk) {
        if (walk.head != null) {
            merge.add(walk);
        }
    }

    private boolean isCurrent(JobEntry entry) {
        JobEntry now = byKey.get(entry.key());
        return now != null && now.position().equals(entry.position()) && groupOf(now).equals(groupOf(entry));
    }

    private void leave(JobEntry entry) {
        Group group = groups.get(groupOf(entry));
        group.entries.remove(entry.position());
        changeSize(group, -1);
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    private static void changeSize(Group group, int by) {
        group.size += by;
    }

    private static GroupName groupOf(JobEntry entry) {
        return new GroupName(entry.source(), entry.state());
    }

    private String share(String text) {
        return shared.computeIfAbsent(text, same -> same);
    }
}
