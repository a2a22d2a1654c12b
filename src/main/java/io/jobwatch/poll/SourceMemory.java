package io.jobwatch.poll;

import io.jobwatch.event.JobState;
import io.jobwatch.event.PollCursor;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the poller remembers of a source: always what the committed records of poll-cursors say, so that an instance that takes over knows
 * the same. Belongs to the thread of the source; changed only after a commit.
 */
final class SourceMemory {
    private final Map<String, JobMemory> jobs = new HashMap<>();
    private Optional<Instant> lastSuccessAt = Optional.empty();
    private Optional<String> token = Optional.empty();
    private Set<String> badItems = Set.of();

    /** {@return whether a poll of this source ever succeeded} */
    boolean polledBefore() {
        return lastSuccessAt.isPresent();
    }

    Optional<Instant> lastSuccessAt() {
        return lastSuccessAt;
    }

    Optional<String> token() {
        return token;
    }

    Set<String> badItems() {
        return badItems;
    }

    Optional<JobMemory> job(String jobId) {
        return Optional.ofNullable(jobs.get(jobId));
    }

    /** {@return the jobs that the service knew when it was last asked} */
    List<String> present() {
        return jobs.entrySet().stream().filter(entry -> !entry.getValue().isGone()).map(Map.Entry::getKey).toList();
    }

    /** {@return the jobs that are gone since before a time} */
    List<String> goneBefore(Instant time) {
        return jobs.entrySet().stream().filter(entry -> entry.getValue().isGone()
                && entry.getValue().observedAt().map(at -> at.isBefore(time)).orElse(true)).map(Map.Entry::getKey).toList();
    }

    int liveJobs() {
        return (int) jobs.values().stream().filter(JobMemory::live).count();
    }

    /** Takes a successful poll over, once it is committed (or, for the times alone, once it succeeded). */
    void succeeded(Instant startedAt, Optional<String> newToken, Set<String> newBadItems, Map<String, Optional<JobMemory>> changes) {
        lastSuccessAt = Optional.of(startedAt);
        token = newToken;
        badItems = ordered(newBadItems);
        changes.forEach((jobId, memory) -> memory.ifPresentOrElse(known -> jobs.put(jobId, known), () -> jobs.remove(jobId)));
    }

    /** Takes a record of poll-cursors over; a null cursor is a tombstone of a job. */
    void restore(String jobId, PollCursor cursor) {
        if (jobId == null) {
            lastSuccessAt = Optional.ofNullable(cursor.getLastSuccessAt());
            token = Optional.ofNullable(cursor.getToken());
            badItems = ordered(cursor.getBadItems());
        } else if (cursor == null) {
            jobs.remove(jobId);
        } else {
            jobs.put(jobId, JobMemory.ofCursor(cursor));
        }
    }

    /** The latest come first, and stay so. */
    private static Set<String> ordered(Collection<String> hashes) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(hashes));
    }

    /** {@return the record of the source itself} */
    static PollCursor toCursor(String source, Instant lastSuccessAt, Optional<String> token, Set<String> badItems) {
        PollCursor cursor = new PollCursor();
        cursor.setSource(source);
        cursor.setLastSuccessAt(lastSuccessAt);
        cursor.setToken(token.orElse(null));
        cursor.setBadItems(List.copyOf(badItems));
        cursor.setFingerprint("");
        cursor.setState(JobState.UNKNOWN);
        return cursor;
    }
}
