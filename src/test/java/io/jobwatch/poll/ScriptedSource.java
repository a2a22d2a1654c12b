package io.jobwatch.poll;

import io.jobwatch.event.JobState;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A service that a test plays: what it lists, what it knows, which calls fail. Thread-safe; a test may change it while it is polled. */
final class ScriptedSource implements JobSource {
    private final Map<String, ObservedJob> listed = new LinkedHashMap<>();
    /** Jobs that a look-up finds though they are not listed. */
    private final Map<String, ObservedJob> hidden = new LinkedHashMap<>();
    private final Set<String> failingLookups = new HashSet<>();
    private final Set<String> failingDetails = new HashSet<>();
    private final List<BadItem> bad = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private Optional<String> token = Optional.empty();
    private Optional<String> activeSetToken = Optional.empty();
    private SourceException listFailure;
    private RuntimeException bug;
    private volatile CountDownLatch blockedUntil = new CountDownLatch(0);
    private volatile boolean deafToInterrupts;
    private int lists;
    private int closed;

    /** Changes all of them between two looks: no poll sees some changed and others not. */
    synchronized ScriptedSource shows(JobBuilder... jobs) {
        for (JobBuilder job : jobs) {
            ObservedJob built = job.build();
            hidden.remove(built.jobId());
            listed.put(built.jobId(), built);
        }
        return this;
    }

    /** Lists it no longer, but knows it. */
    synchronized ScriptedSource hides(String jobId) {
        hidden.put(jobId, listed.remove(jobId));
        return this;
    }

    synchronized ScriptedSource forgets(String jobId) {
        listed.remove(jobId);
        hidden.remove(jobId);
        return this;
    }

    synchronized ScriptedSource showsBad(byte[] raw) {
        bad.add(new BadItem(raw, "not a job"));
        return this;
    }

    synchronized ScriptedSource showsNothingBad() {
        bad.clear();
        return this;
    }

    /** Answers that nothing changed whenever it is given this token. */
    synchronized ScriptedSource token(String other) {
        token = Optional.ofNullable(other);
        return this;
    }

    /** From now on it lists an active set, with this token. */
    synchronized ScriptedSource activeSet(String newToken) {
        activeSetToken = Optional.of(newToken);
        return this;
    }

    /** Null ends it. */
    synchronized ScriptedSource failsToList(SourceException failure) {
        listFailure = failure;
        return this;
    }

    /** Null ends it. */
    synchronized ScriptedSource hasBug(RuntimeException thrown) {
        bug = thrown;
        return this;
    }

    synchronized ScriptedSource failsLookup(String jobId, boolean fails) {
        return set(failingLookups, jobId, fails);
    }

    synchronized ScriptedSource failsDetails(String jobId, boolean fails) {
        return set(failingDetails, jobId, fails);
    }

    /** Listings hang until the latch opens. */
    ScriptedSource blocks(CountDownLatch until, boolean deaf) {
        blockedUntil = until;
        deafToInterrupts = deaf;
        return this;
    }

    synchronized int lists() {
        return lists;
    }

    synchronized int closed() {
        return closed;
    }

    /** {@return the calls for single jobs since this was last asked, in order} */
    synchronized List<String> calls() {
        List<String> result = List.copyOf(calls);
        calls.clear();
        return result;
    }

    @Override
    public Listing list(Optional<String> given) throws SourceException, InterruptedException {
        synchronized (this) {
            lists++;
        }
        while (blockedUntil.getCount() > 0) {
            try {
                blockedUntil.await();
            } catch (InterruptedException e) {
                if (!deafToInterrupts) {
                    throw e;
                }
            }
        }
        synchronized (this) {
            if (bug != null) {
                throw bug;
            }
            if (listFailure != null) {
                throw listFailure;
            }
            if (given.isPresent() && given.equals(token)) {
                return new Listing.Unchanged();
            }
            return activeSetToken.isPresent() ? new Listing.ActiveSet(List.copyOf(listed.values()), bad, activeSetToken)
                    : new Listing.Snapshot(List.copyOf(listed.values()), bad, token);
        }
    }

    @Override
    public synchronized Lookup lookup(String jobId) throws SourceException {
        calls.add("lookup " + jobId);
        if (failingLookups.contains(jobId)) {
            throw new SourceException("no answer for " + jobId);
        }
        ObservedJob job = listed.getOrDefault(jobId, hidden.get(jobId));
        return job == null ? new Lookup.Gone() : new Lookup.Found(job);
    }

    @Override
    public synchronized ObservedJob withDetails(ObservedJob job) throws SourceException {
        calls.add("details " + job.jobId());
        if (failingDetails.contains(job.jobId())) {
            throw new SourceException("no tasks of " + job.jobId());
        }
        return job.withTasks(List.of(JobBuilder.task(job.jobId() + "-task", JobState.ERROR, List.of())));
    }

    @Override
    public synchronized void close() {
        closed++;
    }

    private ScriptedSource set(Set<String> ids, String jobId, boolean contained) {
        if (contained) {
            ids.add(jobId);
        } else {
            ids.remove(jobId);
        }
        return this;
    }
}
