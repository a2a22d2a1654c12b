package io.jobwatch.topology;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.Deadlines;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;

/**
 * Runs the records of one job through what {@link DetectTransitions} runs them through, and notes what was decided.
 *
 * <p>What it cannot know it takes from the job's present status, if there is one: where the job was discovered (also anew, after it had
 * been forgotten), and what was known before the last transition. Where not even that tells, its decisions are marked as uncertain.
 *
 * <p>Pure: no clock, no input or output. Belongs to one thread.
 */
final class Replay {
    private final EventReader reader;
    private final StateMachine machine;
    private final Outputs outputs;
    private final boolean fromTheStart;
    private final Optional<Hindsight> hindsight;
    private final Explainer.Limits limits;
    private final Deadlines deadlines;

    private final Deque<ExplainedObservation> explained = new ArrayDeque<>();
    private final Deque<Integer> sizes = new ArrayDeque<>();
    private long bytes;
    private long leftOut;

    private JobStatus known;
    private boolean begun;
    private boolean certain;
    private boolean discovered;
    private String before = "";
    private boolean mayBeForgotten;
    private boolean lastTransitionMet;

    /**
     * @param fromTheStart whether no record of the job can be missing before the first one
     * @param status       the job's present status; empty where it is not known (any more)
     */
    Replay(EventReader reader, StateMachine machine, Outputs outputs, boolean fromTheStart, Optional<JobStatus> status,
           Explainer.Limits limits) {
        this.reader = reader;
        this.machine = machine;
        this.outputs = outputs;
        this.fromTheStart = fromTheStart;
        this.hindsight = status.map(Hindsight::new);
        this.limits = limits;
        this.deadlines = new Deadlines(Map.of(), machine.retainTerminalFor());
    }

    /** @param record of the job's key, in the order of offsets */
    void take(ConsumerRecord<byte[], byte[]> record) {
        JobStateEvent seen;
        try {
            seen = reader.read(record.key(), record.value(), processedAt(record));
        } catch (BadRecordException e) {
            note(record, Optional.empty(), new Decision.DeadLetter(e.reason()), true, Why.deadLetter(e));
            return;
        }
        findOutWhatWasKnown(seen, processedAt(record));
        Outcome outcome = machine.apply(known, seen);
        Optional<JobStatus> status = statusOf(outcome);
        try {
            // The status is the largest of all that follows from an observation.
            status.ifPresent(after -> outputs.status(Bytes.wrap(record.key()), after));
        } catch (BadRecordException e) {
            note(record, Optional.of(seen), new Decision.DeadLetter(e.reason()), certain, Why.deadLetter(e));
            return;
        }
        if (known == null && !certain) {
            note(record, Optional.of(seen), new Decision.Unknown(), false, Why.unknown(seen));
        } else {
            note(record, Optional.of(seen), decision(outcome), certain,
                    before + Why.of(known, seen, outcome));
        }
        known = status.orElse(known);
    }

    List<ExplainedObservation> explained() {
        return List.copyOf(explained);
    }

    long leftOut() {
        return leftOut;
    }

    boolean complete() {
        return hindsight.isEmpty() ? fromTheStart : discovered;
    }

    private void findOutWhatWasKnown(JobStateEvent seen, long processedAt) {
        boolean first = !begun;
        begun = true;
        before = "";
        if (hindsight.isEmpty()) {
            certain = fromTheStart && !mayBeForgotten;
            doubtWhatMayBeForgotten(processedAt);
            return;
        }
        Instant observedAt = seen.getObservedAt();
        Hindsight present = hindsight.get();
        if (!discovered && present.discoveredBy(observedAt)) {
            discovered = true;
            certain = true;
            before = known == null ? "" : Why.FORGOTTEN;
            known = null;
        } else if (!discovered && !lastTransitionMet && present.lastChangedBy(seen)) {   // since the discovery all is known exactly
            lastTransitionMet = true;
            certain = true;
            known = present.beforeLastTransition();
        } else if (!certain && present.unchangedSince(observedAt)) {
            certain = true;
            known = present.sinceLastTransition();
        } else if (!discovered && !present.discoveredBefore(observedAt)) {
            // A life of the job before the one that the status is about.
            certain = first ? fromTheStart : certain;
            doubtWhatMayBeForgotten(processedAt);
        } else if (first) {
            certain = false;
        }
    }

    /** The topology forgets what is gone when its time has come; nothing that is left tells whether this record came before. */
    private void doubtWhatMayBeForgotten(long processedAt) {
        if (certain && known != null && deadlines.of(known).filter(due -> due.reached(processedAt)).isPresent()) {
            mayBeForgotten = true;
            certain = false;
            before = Why.MAYBE_FORGOTTEN;
        }
    }

    private Decision decision(Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            JobTransition told = changed.transition();
            return new Decision.Changed(told.getKind(), Optional.ofNullable(told.getPreviousState()), told.getCurrentState(),
                    told.getSkippedStates(), certain ? OptionalLong.of(told.getSequence()) : OptionalLong.empty(), told.getOccurredAt());
        }
        return outcome instanceof Outcome.Dropped dropped ? new Decision.Dropped(dropped.reason(), dropped.status().isPresent())
                : new Decision.Refreshed();
    }

    private void note(ConsumerRecord<byte[], byte[]> record, Optional<JobStateEvent> seen, Decision decision, boolean isCertain,
                      String why) {
        Optional<Instant> writtenAt = record.timestamp() < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(record.timestamp()));
        explained.add(new ExplainedObservation(record.topic(), record.partition(), record.offset(), writtenAt, seen, decision, isCertain,
                why));
        sizes.add(record.key().length + (record.value() == null ? 0 : record.value().length));
        bytes += sizes.getLast();
        while (explained.size() > limits.observations() || explained.size() > 1 && bytes > limits.bytes()) {
            explained.removeFirst();
            bytes -= sizes.removeFirst();
            leftOut++;
        }
    }

    /** The topology processes a record soon after it was written; the clock of today would pass an event that was ahead of its time. */
    private static long processedAt(ConsumerRecord<byte[], byte[]> record) {
        return record.timestamp() < 0 ? Long.MAX_VALUE / 2 : record.timestamp();
    }

    private static Optional<JobStatus> statusOf(Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            return Optional.of(changed.status());
        }
        return outcome instanceof Outcome.Refreshed refreshed ? Optional.of(refreshed.status()) : ((Outcome.Dropped) outcome).status();
    }
}
