package io.jobwatch.query;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds jobs by source, account, state, name and time of change without a scan, and counts them. One thread writes, any number reads.
 *
 * <p>A name that is rare is found by the index of names, and what it finds is sorted. A name that is frequent, or a text too short for that
 * index, is looked for along the list, where it will soon be met; if it is not, the page ends early.
 */
final class JobIndex {
    /** To look for a text in a name takes a tenth of a microsecond or two: some milliseconds for all. */
    private static final int MOST_EXAMINED = 50_000;
    /** A candidate costs more than the next of a list: it lies elsewhere in memory, and they must be sorted. */
    private static final int MOST_CANDIDATES = 20_000;

    private final GroupedIndex<JobEntry.Group, JobEntry> jobs;
    private final NameIndex<JobEntry> names = new NameIndex<>();
    private final int mostCandidates;
    /** One copy of each group instead of one a job. Only the writer uses it. */
    private final Map<JobEntry.Group, JobEntry.Group> shared = new HashMap<>();

    JobIndex() {
        this(MOST_EXAMINED, MOST_CANDIDATES);
    }

    /**
     * @param mostExamined   how many jobs one question may look at along the lists
     * @param mostCandidates how many jobs with a part of a name one question may collect
     */
    JobIndex(int mostExamined, int mostCandidates) {
        this.jobs = new GroupedIndex<>(mostExamined);
        this.mostCandidates = mostCandidates;
    }

    /** Adds a job or brings it up to date. Only for the writing thread. */
    void put(String key, JobStatus status) {
        JobEntry.Group group = shared.computeIfAbsent(new JobEntry.Group(status.getSource(), status.getAccount(), status.getState()),
                same -> same);
        long millis = status.getChangedAt().toEpochMilli();
        String name = status.getJobName();
        JobEntry old = jobs.get(key);
        if (old == null) {
            place(new JobEntry(millis, key, group, name, named(name)));
        } else if (!Objects.equals(old.name(), name)) {
            place(new JobEntry(millis, old.key(), group, name, named(name)));
            forgetName(old);
        } else if (old.millis() != millis || !old.group().equals(group)) {
            place(new JobEntry(millis, old.key(), group, old.name(), old.ordinal()));
        }
    }

    /** Forgets a job, if it is known. Only for the writing thread. */
    void remove(String key) {
        JobEntry old = jobs.remove(key);
        if (old != null) {
            forgetName(old);
        }
    }

    /**
     * {@return jobs that a query lets pass, the newest change first} There may be fewer than its limit though there is a next page: when to
     * find more of them would be too much for one question.
     */
    Page<JobEntry> page(JobQuery query) {
        Set<JobEntry.Group> groups = jobs.groups().stream().filter(group -> passes(group, query)).collect(Collectors.toSet());
        if (query.name().isEmpty()) {
            return jobs.page(groups, query.slice(), any -> true);
        }
        String part = query.name().get();
        Predicate<JobEntry> named = entry -> entry.nameContains(part);
        long inList = groups.stream().mapToLong(jobs::size).sum();
        Optional<Stream<JobEntry>> candidates = NameIndex.isLongEnough(part)
                ? names.candidates(part, Math.min(inList, mostCandidates)) : Optional.empty();
        return candidates.map(rare -> jobs.page(rare, groups, query.slice(), named))
                .orElseGet(() -> jobs.page(groups, query.slice(), named));
    }

    /** {@return the number of jobs by source, by name, and state; nothing for none; each job is in it once, also one that moves} */
    Map<String, Map<JobState, Long>> counts() {
        Map<String, Map<JobState, Long>> result = new TreeMap<>();
        jobs.sizes().forEach((group, size) -> result.computeIfAbsent(group.source(), source -> new EnumMap<>(JobState.class))
                .merge(group.state(), size, Long::sum));
        return result;
    }

    /** {@return the job that entered the state first of all that are in it} */
    Optional<JobEntry> oldest(JobState state) {
        return jobs.oldest(jobs.groups().stream().filter(group -> group.state() == state).toList());
    }

    int size() {
        return jobs.size();
    }

    /** {@return whether a query lets a status pass, wherever in the list it is} */
    static boolean passes(JobStatus status, JobQuery query) {
        JobEntry.Group group = new JobEntry.Group(status.getSource(), status.getAccount(), status.getState());
        return passes(group, query) && query.name()
                .map(new JobEntry(0, "", group, status.getJobName(), JobEntry.NO_ORDINAL)::nameContains).orElse(true);
    }

    private static boolean passes(JobEntry.Group group, JobQuery query) {
        return query.source().map(group.source()::equals).orElse(true) && query.account().map(group.account()::equals).orElse(true)
                && (query.states().isEmpty() || query.states().contains(group.state()));
    }

    private int named(String name) {
        return name != null && NameIndex.isLongEnough(name) ? names.add(name) : JobEntry.NO_ORDINAL;
    }

    private void place(JobEntry entry) {
        if (entry.ordinal() != JobEntry.NO_ORDINAL) {
            names.set(entry.ordinal(), entry);
        }
        jobs.put(entry);
    }

    private void forgetName(JobEntry old) {
        if (old.ordinal() != JobEntry.NO_ORDINAL) {
            names.remove(old.ordinal(), old.name());
        }
    }
}
