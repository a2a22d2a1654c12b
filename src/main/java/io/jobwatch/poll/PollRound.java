package io.jobwatch.poll;

import io.jobwatch.job.JobStates;
import io.jobwatch.log.LogContext;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a source all that one poll has to ask: the listing, a look-up of each known job that it no longer shows, the details of each job
 * that stopped. A failed listing fails the poll; a failed call for one job leaves that job for the next poll. Belongs to the thread of the
 * source.
 */
final class PollRound {
    private static final Logger LOG = LoggerFactory.getLogger(PollRound.class);
    /** Calls of one kind for single jobs in one poll: the rest waits for the next one, so that a poll stays short. */
    private static final int MAX_CALLS = 200;
    /** After so many failed calls of one kind the service is left alone with them until the next poll. */
    private static final int MAX_FAILED_CALLS = 3;
    /** Look-ups of ended jobs in one poll: a service may know for years what it lists for a day, and would be asked for all of it. */
    private static final int MAX_ENDED_LOOKUPS = 20;

    private final String sourceName;
    private final JobSource source;
    private final ChangeDetector detector;
    private final Duration detailsTimeout;
    private final Clock clock;
    private final Turns lookupTurns = new Turns();
    private final Turns detailTurns = new Turns();
    private final HeldBack heldBack = new HeldBack();
    private final Missing missingJobs = new Missing();

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
        Listing listing = source.list(memory.token());
        if (!(listing instanceof Listing.Jobs answer)) {
            if (memory.token().isEmpty()) {
                throw new SourceException("the service says that its jobs are unchanged, though it was asked for all of them");
            }
            return Optional.empty();
        }
        Instant observedAt = clock.instant();
        Map<String, ObservedJob> listed = new LinkedHashMap<>();
        answer.jobs().forEach(job -> listed.put(job.jobId(), job));
        Set<String> held = new HashSet<>();
        Set<String> gone = new HashSet<>();
        List<String> missing = missingJobs.of(answer, listed.keySet(), memory, observedAt);
        Set<String> lastChance = lookUp(missing, memory, listed, held, gone);
        missingJobs.lookedUp(missing, held, observedAt);
        List<String> stopped = listed.values().stream().filter(job -> needsDetails(job, memory, startedAt))
                .map(ObservedJob::jobId).toList();
        Map<String, ObservedJob> detailed = readDetails(stopped, lastChance, memory, listed, held, startedAt);
        Set<String> waiting = new HashSet<>(missing);
        waiting.addAll(stopped);
        Map<String, Optional<Instant>> notBefore = heldBack.notBefore();
        heldBack.retain(waiting);
        return Optional.of(new Observations(startedAt, observedAt, listed, detailed, held, gone, notBefore, answer.bad(),
                token(answer, memory, missing, listed, held, lastChance)));
    }

    /**
     * A token stands for everything that was told before it, so it is taken over only once all of that is dealt with; until then the next
     * listing shows the rest again, also after a restart.
     */
    private static Optional<String> token(Listing.Jobs answer, SourceMemory memory, List<String> missing, Map<String, ObservedJob> listed,
                                          Set<String> held, Set<String> lastChance) {
        if (answer instanceof Listing.Snapshot) {
            // An unchanged listing says nothing of live jobs that only look-ups show, either.
            boolean hidden = missing.stream().anyMatch(jobId -> listed.containsKey(jobId)
                    && !JobStates.isTerminal(listed.get(jobId).state()));
            return held.isEmpty() && lastChance.isEmpty() && !hidden ? answer.token() : Optional.empty();
        }
        // A live job that is remembered is looked up again in an active set whatever its token: one whose look-ups never succeed must not
        // have ever more be listed.
        boolean remembered = answer instanceof Listing.ActiveSet
                && held.stream().allMatch(jobId -> memory.job(jobId).map(JobMemory::live).orElse(false));
        return lastChance.isEmpty() && (held.isEmpty() || remembered) ? answer.token() : memory.token();
    }

    /**
     * Looks up the jobs that are missing from the listing, live ones first.
     *
     * @return ids of jobs that are gone while their stop waited for its details: it is published without them
     */
    private Set<String> lookUp(List<String> missing, SourceMemory memory, Map<String, ObservedJob> listed, Set<String> held,
                               Set<String> gone) throws InterruptedException {
        Set<String> lastChance = new HashSet<>();
        Calls calls = new Calls();
        List<String> order = lookupTurns.order(missing);
        Predicate<String> live = jobId -> memory.job(jobId).map(JobMemory::live).orElse(false);
        List<String> liveOnes = order.stream().filter(live).toList();
        List<String> endedOnes = order.stream().filter(live.negate()).limit(MAX_ENDED_LOOKUPS).toList();
        for (String jobId : Stream.concat(liveOnes.stream(), endedOnes.stream()).toList()) {
            Optional<Lookup> answer = calls.allowed() ? lookUp(jobId, calls) : Optional.empty();
            if (answer.isEmpty()) {
                held.add(jobId);
                heldBack.hold(jobId, memory.lastSuccessAt(), Optional.empty(), Optional.empty());
            } else if (answer.get() instanceof Lookup.Found found) {
                listed.put(jobId, found.job());
                heldBack.forgetStop(jobId);
            } else {
                Optional<ObservedJob> stop = heldBack.stop(jobId).filter(job -> detector.differs(memory, job));
                stop.ifPresentOrElse(job -> {
                    listed.put(jobId, job);
                    lastChance.add(jobId);
                }, () -> gone.add(jobId));
            }
        }
        return lastChance;
    }

    private Optional<Lookup> lookUp(String jobId, Calls calls) throws InterruptedException {
        lookupTurns.took(jobId);
        return LogContext.ofJob(sourceName, jobId).call(() -> {
            try {
                return Optional.of(source.lookup(jobId));
            } catch (SourceException e) {
                calls.failed();
                LOG.warn("{}: the look-up of job {} failed, it is left for the next poll: {}", sourceName, jobId, e.getMessage());
                return Optional.empty();
            }
        });
    }

    private boolean needsDetails(ObservedJob job, SourceMemory memory, Instant now) {
        return JobStates.isStopped(job.state()) && !job.detailsAvailable() && detector.differs(memory, job)
                && !detector.onlyMarked(memory, job, now);
    }

    private Map<String, ObservedJob> readDetails(List<String> stopped, Set<String> lastChance, SourceMemory memory,
                                                 Map<String, ObservedJob> listed, Set<String> held, Instant now)
            throws InterruptedException {
        Map<String, ObservedJob> detailed = new HashMap<>();
        Calls calls = new Calls();
        for (String jobId : detailTurns.order(stopped)) {
            if (lastChance.contains(jobId)) {
                continue;
            }
            ObservedJob job = listed.get(jobId);
            heldBack.forgetStop(jobId);
            Optional<ObservedJob> read = calls.allowed() ? readDetails(job, calls) : Optional.empty();
            if (read.isPresent()) {
                detailed.put(jobId, read.get());
                continue;
            }
            heldBack.hold(jobId, memory.lastSuccessAt(), calls.failing() ? Optional.of(now) : Optional.empty(), Optional.of(job));
            if (!heldBack.failsSince(jobId, now.minus(detailsTimeout))) {
                held.add(jobId);
            }
        }
        return detailed;
    }

    private Optional<ObservedJob> readDetails(ObservedJob job, Calls calls) throws InterruptedException {
        detailTurns.took(job.jobId());
        return LogContext.ofJob(sourceName, job.jobId()).call(() -> {
            try {
                return Optional.of(source.withDetails(job));
            } catch (SourceException e) {
                calls.failed();
                LOG.warn("{}: the tasks of stopped job {} could not be read: {}", sourceName, job.jobId(), e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** The budget of calls of one kind for single jobs. */
    private static final class Calls {
        private int made;
        private int failures;

        boolean allowed() {
            return failures < MAX_FAILED_CALLS && made++ < MAX_CALLS;
        }

        void failed() {
            failures++;
        }

        boolean failing() {
            return failures > 0;
        }
    }
}
