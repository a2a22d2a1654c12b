package io.jobwatch.poll;

import io.jobwatch.source.ObservedJob;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is known of the jobs that wait for a call of their own, from one poll to the next. One thread. */
final class HeldBack {

    /**
     * @param notBefore    the last successful look before the news of the job showed
     * @param failingSince since when its details cannot be read; empty while there was only no room for them
     * @param stop         the stop that waits for its details
     */
    private record Wait(Optional<Instant> notBefore, Optional<Instant> failingSince, Optional<ObservedJob> stop) {
    }

    private final Map<String, Wait> waits = new HashMap<>();

    /** A job waits; what was noted of it before stays, but for the stop. */
    void hold(String jobId, Optional<Instant> notBefore, Optional<Instant> failingSince, Optional<ObservedJob> stop) {
        Wait before = waits.getOrDefault(jobId, new Wait(notBefore, Optional.empty(), Optional.empty()));
        waits.put(jobId, new Wait(before.notBefore(), before.failingSince().or(() -> failingSince), stop.or(before::stop)));
    }

    /** {@return whether the details of a job could not be read since that time or longer} */
    boolean failsSince(String jobId, Instant time) {
        return Optional.ofNullable(waits.get(jobId)).flatMap(Wait::failingSince).map(since -> !since.isAfter(time)).orElse(false);
    }

    /** {@return the stop of a job as it was last seen, if it waits for its details} */
    Optional<ObservedJob> stop(String jobId) {
        return Optional.ofNullable(waits.get(jobId)).flatMap(Wait::stop);
    }

    /** The job was seen again: what it is then counts, not the stop that was held. */
    void forgetStop(String jobId) {
        waits.computeIfPresent(jobId, (same, wait) -> new Wait(wait.notBefore(), wait.failingSince(), Optional.empty()));
    }

    /** {@return for each job that waits or waited until now, the last successful look before its news showed} */
    Map<String, Optional<Instant>> notBefore() {
        Map<String, Optional<Instant>> result = new HashMap<>();
        waits.forEach((jobId, wait) -> result.put(jobId, wait.notBefore()));
        return result;
    }

    /** Forgets all jobs but these. */
    void retain(Collection<String> jobIds) {
        waits.keySet().retainAll(jobIds);
    }
}
