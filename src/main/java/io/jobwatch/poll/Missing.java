package io.jobwatch.poll;

import io.jobwatch.source.Listing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        int unheard = 0;
        for (String jobId : absent) {
            boolean live = memory.job(jobId).map(JobMemory::live).orElse(false);
            if (live && tellsOfLive) {
                missing.add(jobId);
            } else if (unheard < MAX_UNHEARD && unheardFor(jobId, live ? LIVE_UNHEARD : ENDED_UNHEARD, memory, now)) {
                unheard++;
                heard.put(jobId, now);
                missing.add(jobId);
            }
        }
        return missing;
    }

    /** After a start, a job was heard of when it was last published. */
    private boolean unheardFor(String jobId, Duration limit, SourceMemory memory, Instant now) {
        Instant last = heard.computeIfAbsent(jobId, id -> memory.job(id).flatMap(JobMemory::observedAt).orElse(now));
        return !now.isBefore(last.plus(limit));
    }
}
