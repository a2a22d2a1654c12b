package io.jobwatch.poll;

import io.jobwatch.source.Listing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;

/**
 * Which of the known jobs that a listing does not show have to be looked up. Where the kind of the listing says nothing of a job, it is
 * looked up when nothing was heard of it for long: a job that was deleted is in no feed, and an ended one is in no active set, yet that it
 * is gone has to be found out some time. One thread.
 */
final class Missing {
    /** Of a live job in a feed. Most live jobs are heard of sooner; those that are not cost a call each as often. */
    static final Duration LIVE_UNHEARD = Duration.ofMinutes(10);

    /** Of an ended job: all that waits for it is its forgetting, after a week by default. */
    static final Duration ENDED_UNHEARD = Duration.ofDays(1);

    /** Calls for jobs of which the listing says nothing, in one poll: they are in no hurry. */
    static final int MAX_UNHEARD = 20;

    /** How much later a job for which there was no answer has its next turn. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    /** When something was last heard of a job by a listing or a look-up of this process, with news or without. */
    private final Map<String, Instant> heard = new HashMap<>();

    /**
     * {@return ids of the jobs to look up}
     *
     * @param listed ids of the jobs in the listing
     * @param now    when the listing was complete
     */
    List<String> of(Listing.Jobs listing, Set<String> listed, SourceMemory memory, Instant now) {
        List<String> absent = memory.present().stream().filter(jobId -> !listed.contains(jobId)).toList();
        if (listing instanceof Listing.Snapshot) {
            return absent;
        }
        heard.keySet().retainAll(Set.copyOf(absent));
        listed.forEach(jobId -> heard.put(jobId, now));
        boolean tellsOfLive = listing instanceof Listing.ActiveSet;
        List<String> missing = new ArrayList<>();
        List<String> unheard = new ArrayList<>();
        for (String jobId : absent) {
            boolean live = memory.job(jobId).map(JobMemory::live).orElse(false);
            if (live && tellsOfLive) {
                missing.add(jobId);
            } else if (!now.isBefore(lastHeard(jobId, live, memory, now).plus(live ? LIVE_UNHEARD : ENDED_UNHEARD))) {
                unheard.add(jobId);
            }
        }
        // Those of which nothing was heard for longest come first, so that each has its turn however many there are.
        unheard.stream().sorted(Comparator.comparing(heard::get)).limit(MAX_UNHEARD).forEach(missing::add);
        return missing;
    }

    /**
     * Told of the look-ups that were made.
     *
     * @param held those of the jobs for which there was no answer: it is not their turn again before all others' that wait
     */
    void lookedUp(List<String> missing, Set<String> held, Instant now) {
        for (String jobId : missing) {
            heard.computeIfPresent(jobId, (same, before) -> held.contains(jobId) ? before.plus(AGAIN) : now);
        }
    }

    /**
     * After a start, a live job was heard of when it was last published. That of the ended ones, which are many, is spread over the time
     * that they have: a service would be asked for all of them after each start.
     */
    private Instant lastHeard(String jobId, boolean live, SourceMemory memory, Instant now) {
        return heard.computeIfAbsent(jobId, id -> live
                ? memory.job(id).flatMap(JobMemory::observedAt).orElse(now)
                : now.minusMillis(Utils.toPositive(Utils.murmur2(jobId.getBytes(StandardCharsets.UTF_8))) % ENDED_UNHEARD.toMillis()));
    }
}
