package io.jobwatch.query;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Finds failed attempts by source, code and time without a scan, counts them, and knows which reports are older than the topic keeps them:
 * those are neither listed nor counted, though they leave only as others come. One thread writes, any number reads.
 */
final class FailureIndex {
    /** No filter is left to be applied along the lists, so a page looks at little more than it holds. */
    private static final int MOST_EXAMINED = 100_000;
    private static final int MOST_COUNTS = 100;

    private final GroupedIndex<Group, Stop> stops = new GroupedIndex<>(MOST_EXAMINED);
    private final FailureCounts counts = new FailureCounts();
    /** As many as are configured. */
    private final Set<String> sources = ConcurrentHashMap.newKeySet();
    private final Supplier<Instant> keptSince;
    /** Stops before this time are not in the counts any more. */
    private long countedFrom = Long.MIN_VALUE;

    /** Keeps everything. */
    FailureIndex() {
        this(() -> Instant.MIN);
    }

    /** @param keptSince tells, at any time, what is too old; never goes back by much */
    FailureIndex(Supplier<Instant> keptSince) {
        this.keptSince = keptSince;
    }

    /**
     * What stops are listed by.
     *
     * @param source null for every stop, a cancellation too
     * @param code   null for every failure of the source
     */
    private record Group(String source, String code) {
        private static final Group EVERY_STOP = new Group(null, null);
    }

    private static final class Stop extends GroupedIndex.Entry<Group> {
        private final Collection<Group> groups;
        private final String source;
        private final List<String> codes;

        private Stop(ReportKey key, JobErrorReport report) {
            super(report.getObservedAt().toEpochMilli(), key.toString());
            source = report.getSource();
            codes = codes(report);
            List<Group> of = new ArrayList<>(List.of(Group.EVERY_STOP));
            if (!codes.isEmpty()) {
                of.add(new Group(source, null));
                codes.forEach(code -> of.add(new Group(source, code)));
            }
            groups = List.copyOf(of);
        }

        @Override
        Collection<Group> groups() {
            return groups;
        }
    }

    /** Adds a report; the same one again changes nothing. Only for the writing thread. */
    synchronized void put(ReportKey key, JobErrorReport report) {
        Stop stop = new Stop(key, report);
        Stop old = stops.get(stop.key());
        if (old != null && old.compareTo(stop) == 0 && old.groups.equals(stop.groups)) {
            return;
        }
        sources.add(stop.source);
        stops.put(stop);
        count(stop, 1);
        if (old != null) {
            count(old, -1);
        }
    }

    /**
     * Forgets reports of stops seen before a time, the oldest first, and says which they were. Only for the writing thread.
     *
     * @param most how many at once
     */
    synchronized List<ReportKey> removeBefore(Instant time, int most) {
        List<ReportKey> removed = new ArrayList<>();
        while (removed.size() < most) {
            Optional<Stop> oldest = stops.oldest(List.of(Group.EVERY_STOP)).filter(stop -> stop.at().isBefore(time));
            if (oldest.isEmpty()) {
                break;
            }
            count(stops.remove(oldest.get().key()), -1);
            removed.add(ReportKey.parse(oldest.get().key()));
        }
        return removed;
    }

    /** {@return the failures that a query lets pass, the newest first, each under the text of its {@link ReportKey}} */
    Page<? extends Place> page(FailureQuery query) {
        String code = query.code().orElse(null);
        Collection<String> of = query.source().<Collection<String>>map(List::of).orElse(sources);
        return stops.page(of.stream().map(source -> new Group(source, code)).toList(), query.slice().notBefore(keptSince.get()),
                any -> true);
    }

    /** {@return the counts, most first, then by source and code; the first hundred} */
    synchronized List<Summary.Failures> counts() {
        long since = Slice.ceilMillis(keptSince.get());
        if (since > countedFrom) {
            stops.between(Group.EVERY_STOP, countedFrom, since).forEach(stop -> count(stop, -1));
            countedFrom = since;
        }
        return counts.first(MOST_COUNTS);
    }

    private void count(Stop stop, int by) {
        if (stop.millis() >= countedFrom) {
            stop.codes.forEach(code -> counts.change(stop.source, code, by));
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
