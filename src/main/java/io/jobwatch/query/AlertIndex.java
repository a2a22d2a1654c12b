package io.jobwatch.query;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds alerts by source, kind, whether they hold, and time, without a scan. Those that ended too long ago are not listed, though they
 * leave only as others come. One thread writes, any number reads.
 */
final class AlertIndex {
    /** No filter is left to be applied along the lists, so a page looks at little more than it holds. */
    private static final int MOST_EXAMINED = 100_000;

    private final GroupedIndex<Group, Entry> alerts = new GroupedIndex<>(MOST_EXAMINED);
    private final Supplier<Instant> endedKeptSince;

    private record Group(String source, AlertKind kind, boolean active) {
    }

    private static final class Entry extends GroupedIndex.Entry<Group> {
        private final Group group;

        private Entry(String key, JobAlert alert) {
            super(alert.getDetectedAt().toEpochMilli(), key);
            group = new Group(alert.getSource(), alert.getKind(), alert.getActive());
        }

        @Override
        Collection<Group> groups() {
            return List.of(group);
        }
    }

    /** Keeps everything. */
    AlertIndex() {
        this(() -> Instant.MIN);
    }

    /** @param endedKeptSince tells, at any time, which alerts that ended are too old to be listed */
    AlertIndex(Supplier<Instant> endedKeptSince) {
        this.endedKeptSince = endedKeptSince;
    }

    /** {@return what the latest record of an alert is kept under: the record's key, a slash and the kind; the last slash splits} */
    static String keyOf(JobAlert alert) {
        return keyOf(alert.getSource(), alert.getJobId(), alert.getKind());
    }

    private static String keyOf(String source, String jobId, AlertKind kind) {
        return source + "/" + (jobId == null ? "" : jobId + "/") + kind;
    }

    /** Adds an alert or its end in place of what was known of it. Only for the writing thread. */
    void put(JobAlert alert) {
        alerts.put(new Entry(keyOf(alert), alert));
    }

    /**
     * Forgets alerts that ended before a time, the oldest first, and says which they were. Only for the writing thread.
     *
     * @param most how many at once
     */
    List<String> removeEndedBefore(Instant time, int most) {
        List<String> removed = new ArrayList<>();
        List<Group> ended = alerts.groups().stream().filter(group -> !group.active()).toList();
        while (removed.size() < most) {
            Optional<Entry> oldest = alerts.oldest(ended).filter(entry -> entry.at().isBefore(time));
            if (oldest.isEmpty()) {
                break;
            }
            alerts.remove(oldest.get().key());
            removed.add(oldest.get().key());
        }
        return removed;
    }

    /** {@return how many hold, by kind; nothing for none} */
    Map<AlertKind, Long> active() {
        Map<AlertKind, Long> result = new EnumMap<>(AlertKind.class);
        alerts.sizes().forEach((group, size) -> {
            if (group.active()) {
                result.merge(group.kind(), size, Long::sum);
            }
        });
        return result;
    }

    /** {@return the alerts that a query lets pass, the newest first, each under its {@link #keyOf key}} */
    Page<? extends Place> page(AlertQuery query) {
        Set<Group> groups = alerts.groups().stream().filter(group -> query.active().map(active -> active == group.active()).orElse(true)
                && query.source().map(group.source()::equals).orElse(true)
                && query.kind().map(kind -> kind == group.kind()).orElse(true)).collect(Collectors.toSet());
        Instant endedSince = endedKeptSince.get();
        Predicate<Entry> kept = entry -> entry.group.active() || !entry.at().isBefore(endedSince);
        if (query.jobId().isPresent()) {
            Stream<Entry> ofJob = Arrays.stream(AlertKind.values())
                    .map(kind -> alerts.get(keyOf(query.source().orElseThrow(), query.jobId().get(), kind))).filter(Objects::nonNull);
            return alerts.page(ofJob, groups, query.slice(), kept);
        }
        return alerts.page(groups, query.slice(), kept);
    }
}
