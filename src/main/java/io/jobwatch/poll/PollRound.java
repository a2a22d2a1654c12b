package io.jobwatch.poll;

import io.jobwatch.job.JobStates;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a source all that one poll has to ask: the listing, a look-up of each known job that it no longer shows, the details of each job that stopped. A
 * failed listing fails the poll; a failed call for one job leaves that job for the next poll. Belongs to the thread of the source.
 */
final class PollRound {
    private static final Logger LOG = LoggerFactory.getLogger(PollRound.class);
    /** Calls for single jobs in one poll: the rest waits for the next one, so that a poll stays short. */
    private static final int MAX_CALLS = 200;
    /** After so many failed calls for single jobs the service is left alone until the next poll. */
    private static final int MAX_FAILED_CALLS = 3;

    private final String sourceName;
    private final JobSource source;
    private final ChangeDetector detector;
    private final Duration detailsTimeout;
    private final Clock clock;
    /** Since when the details of a stopped job could not be read. */
    private final Map<String, Instant> detailsFailingSince = new HashMap<>();
    private boolean unfinished;

    PollRound(String sourceName, JobSource source, ChangeDetector detector, Duration detailsTimeout, Clock clock) {
        this.sourceName = sourceName;
        this.source = source;
        this.detector = detector;
        this.detailsTimeout = detailsTimeout;
        this.clock = clock;
    }

    /**
     * {@return what the service shows, or empty where it says that nothing changed}
     *
     * @throws SourceException if the listing failed
     */
    Optional<Observations> observe(SourceMemory memory) throws SourceException, InterruptedException {
        Instant startedAt = clock.instant();
        // An unchanged listing is no help while jobs wait for a call that failed.
        Listing listing = source.list(unfinished ? Optional.empty() : memory.token());
        if (!(listing instanceof Listing.Snapshot snapshot)) {
            return Optional.empty();
        }
        Instant observedAt = clock.instant();
        Map<String, ObservedJob> listed = new LinkedHashMap<>();
        snapshot.jobs().forEach(job -> listed.put(job.jobId(), job));
        Calls calls = new Calls();
        Set<String> held = new HashSet<>();
        Set<String> gone = lookUpMissing(memory, listed, held, calls);
        Map<String, ObservedJob> detailed = readDetails(memory, listed, held, calls, startedAt);
        unfinished = !held.isEmpty();
        return Optional.of(new Observations(startedAt, observedAt, listed, detailed, held, gone, snapshot.bad(), snapshot.token()));
    }

    private Set<String> lookUpMissing(SourceMemory memory, Map<String, ObservedJob> listed, Set<String> held, Calls calls)
            throws InterruptedException {
        List<String> missing = new ArrayList<>();
        for (String jobId : memory.present()) {
            if (!listed.containsKey(jobId)) {
                missing.add(jobId);
            }
        }
        Set<String> gone = new HashSet<>();
        for (String jobId : missing) {
            if (!calls.allowed()) {
                held.add(jobId);
                continue;
            }
            try {
                Lookup answer = source.lookup(jobId);
                if (answer instanceof Lookup.Found found) {
                    listed.put(jobId, found.job());
                } else {
                    gone.add(jobId);
                }
            } catch (SourceException e) {
                calls.failed();
                held.add(jobId);
                LOG.warn("{}: the look-up of job {} failed, it is left for the next poll: {}", sourceName, jobId, e.getMessage());
            }
        }
        return gone;
    }

    private Map<String, ObservedJob> readDetails(SourceMemory memory, Map<String, ObservedJob> listed, Set<String> held, Calls calls,
                                                 Instant now) throws InterruptedException {
        Map<String, ObservedJob> detailed = new HashMap<>();
        detailsFailingSince.keySet().retainAll(listed.keySet());
        for (ObservedJob job : listed.values()) {
            if (!JobStates.isStopped(job.state()) || job.detailsAvailable() || !detector.differs(memory, job)
                    || detector.onlyMarked(memory, job, now)) {
                continue;
            }
            if (!calls.allowed()) {
                hold(job, held, now);
                continue;
            }
            try {
                detailed.put(job.jobId(), source.withDetails(job));
                detailsFailingSince.remove(job.jobId());
            } catch (SourceException e) {
                calls.failed();
                detailsFailingSince.putIfAbsent(job.jobId(), now);
                hold(job, held, now);
                LOG.warn("{}: the tasks of stopped job {} could not be read: {}", sourceName, job.jobId(), e.getMessage());
            }
        }
        return detailed;
    }

    /** Holds a stop back, until its details could not be read for too long: then it is published without them. */
    private void hold(ObservedJob job, Set<String> held, Instant now) {
        Instant since = detailsFailingSince.get(job.jobId());
        if (since == null || now.isBefore(since.plus(detailsTimeout))) {
            held.add(job.jobId());
        } else {
            detailsFailingSince.remove(job.jobId());
        }
    }

    /** The budget of calls for single jobs. */
    private static final class Calls {
        private int made;
        private int failures;

        boolean allowed() {
            return failures < MAX_FAILED_CALLS && made++ < MAX_CALLS;
        }

        void failed() {
            failures++;
        }
    }
}
