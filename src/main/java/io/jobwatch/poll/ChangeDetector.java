package io.jobwatch.poll;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.JobStates;
import io.jobwatch.job.StatePath;
import io.jobwatch.registry.TrustedEvents;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.JobBounds;
import io.jobwatch.source.ObservedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides what of a poll is new. A function of its arguments; immutable. */
final class ChangeDetector {
    /** The service's clock may give two dates of one job a rounding apart; a later creation than that is another job under the same id. */
    private static final Duration SAME_CREATION = Duration.ofSeconds(1);

    /** Longer than job-status remembers ended jobs by default, so that an id used again is noticed as long as it matters. */
    private static final Duration GONE_REMEMBERED = Duration.ofDays(8);

    /** Bad items of a source that are remembered, since its cursor holds them all; what a listing has beyond is only counted. */
    private static final int BAD_ITEMS_REMEMBERED = 1000;

    private final SourceConfig source;

    ChangeDetector(SourceConfig source) {
        TrustedEvents.allow();
        this.source = source;
    }

    /** {@return whether the job as listed differs from what was last published for it} */
    boolean differs(SourceMemory memory, ObservedJob listed) {
        Optional<JobMemory> known = memory.job(listed.jobId());
        return known.isEmpty()
                || !known.get().fingerprint().equals(Fingerprint.of(listed, listed.attempt() + offset(known.get(), listed)));
    }

    /**
     * {@return whether a job that was never seen is only to be remembered} It ended before the first poll, and start-from leaves such
     * jobs out.
     */
    boolean onlyMarked(SourceMemory memory, ObservedJob listed, Instant now) {
        if (memory.polledBefore() || !JobStates.isTerminal(listed.state())) {
            return false;
        }
        if (source.startFrom() instanceof StartFrom.All) {
            return false;
        }
        if (source.startFrom() instanceof StartFrom.Since since) {
            Optional<Instant> ended = listed.endedAt().or(listed::createdAt);
            return ended.isPresent() && ended.get().isBefore(now.minus(since.age()));
        }
        return true;
    }

    Changes detect(SourceMemory memory, Observations seen) {
        List<JobStateEvent> events = new ArrayList<>();
        Map<String, Optional<JobMemory>> remembered = new LinkedHashMap<>();
        int missed = 0;
        for (ObservedJob job : seen.listed().values()) {
            if (seen.held().contains(job.jobId()) || !differs(memory, job)) {
                continue;
            }
            Optional<JobMemory> known = memory.job(job.jobId());
            int offset = known.map(k -> offset(k, job)).orElse(0);
            String fingerprint = Fingerprint.of(job, job.attempt() + offset);
            if (onlyMarked(memory, job, seen.startedAt())) {
                remembered.put(job.jobId(), Optional.of(new JobMemory(fingerprint, job.state(), job.attempt() + offset, offset,
                        job.createdAt(), Optional.empty(), Optional.empty())));
                continue;
            }
            ObservedJob full = seen.detailed().getOrDefault(job.jobId(), job);
            JobStateEvent event = event(full, job.attempt() + offset, memory, seen);
            events.add(event);
            missed += known.filter(k -> k.attempt() == event.getAttempt())
                    .map(k -> StatePath.skipped(event, k.state()).size()).orElse(0);
            remembered.put(job.jobId(),
                    Optional.of(JobMemory.ofPublished(fingerprint, offset, event, known.flatMap(JobMemory::createdAt))));
        }
        memory.goneBefore(seen.startedAt().minus(GONE_REMEMBERED)).forEach(jobId -> remembered.putIfAbsent(jobId, Optional.empty()));
        for (String jobId : seen.gone()) {
            Optional<JobMemory> known = memory.job(jobId);
            Optional<JobStateEvent> event = known.flatMap(JobMemory::last).map(last -> gone(last, memory, seen));
            event.ifPresent(events::add);
            remembered.put(jobId, event.flatMap(e -> known.map(k -> k.gone(e.getObservedAt()))));
        }
        return withBadItems(memory, seen, events, remembered, missed);
    }

    private static Changes withBadItems(SourceMemory memory, Observations seen, List<JobStateEvent> events,
                                        Map<String, Optional<JobMemory>> remembered, int missed) {
        Set<String> hashes = new LinkedHashSet<>();
        List<BadItem> fresh = new ArrayList<>();
        for (BadItem item : seen.bad()) {
            String hash = Fingerprint.of(item.raw());
            if (hashes.size() < BAD_ITEMS_REMEMBERED && hashes.add(hash) && !memory.badItems().contains(hash)) {
                fresh.add(item);
            }
        }
        // An item may be missing from one listing and be back in the next.
        memory.badItems().stream().takeWhile(hash -> hashes.size() < BAD_ITEMS_REMEMBERED).forEach(hashes::add);
        return new Changes(List.copyOf(events), remembered, List.copyOf(fresh), hashes, missed);
    }

    /** A service that uses an id again without counting attempts: the attempt must rise all the same. */
    private static int offset(JobMemory known, ObservedJob job) {
        boolean newJob = known.createdAt().isPresent() && job.createdAt().isPresent()
                && job.createdAt().get().isAfter(known.createdAt().get().plus(SAME_CREATION));
        return newJob && job.attempt() + known.attemptOffset() <= known.attempt()
                ? known.attempt() + 1 - job.attempt()
                : known.attemptOffset();
    }

    private JobStateEvent event(ObservedJob observed, int attempt, SourceMemory memory, Observations seen) {
        // Most sources have done so already, which this leaves as it is; none may make a record that the broker refuses.
        ObservedJob job = JobBounds.of(observed);
        JobStateEvent event = new JobStateEvent();
        event.setSource(source.name());
        event.setSourceType(source.type());
        event.setAccount(source.account());
        event.setLocation(source.location().orElse(null));
        event.setJobId(job.jobId());
        event.setJobName(job.name().orElse(null));
        event.setAttempt(attempt);
        event.setState(job.state());
        event.setNativeState(job.nativeState());
        event.setNativeReason(job.nativeReason().orElse(null));
        event.setProgress(job.progress().orElse(null));
        event.setCreatedAt(job.createdAt().orElse(null));
        event.setStartedAt(job.startedAt().orElse(null));
        event.setEndedAt(job.endedAt().orElse(null));
        event.setObservedAt(rising(memory, job.jobId(), seen.observedAt()));
        event.setNotBefore(notBefore(job.jobId(), memory, seen));
        event.setGone(false);
        event.setDetailsAvailable(job.detailsAvailable());
        event.setAttributes(job.attributes());
        event.setTasks(job.tasks());
        return event;
    }

    private static JobStateEvent gone(JobStateEvent last, SourceMemory memory, Observations seen) {
        return JobStateEvent.newBuilder(last).setGone(true).setNotBefore(notBefore(last.getJobId(), memory, seen))
                .setObservedAt(rising(memory, last.getJobId(), seen.observedAt())).build();
    }

    private static Instant notBefore(String jobId, SourceMemory memory, Observations seen) {
        return seen.notBefore().getOrDefault(jobId, memory.lastSuccessAt()).orElse(null);
    }

    /** The state machine tells a repetition from news by observedAt, so it rises even where the clock does not. */
    private static Instant rising(SourceMemory memory, String jobId, Instant observedAt) {
        Instant now = Instant.ofEpochMilli(observedAt.toEpochMilli());
        return memory.job(jobId).flatMap(JobMemory::observedAt)
                .map(before -> now.isAfter(before) ? now : before.plusMillis(1)).orElse(now);
    }
}
