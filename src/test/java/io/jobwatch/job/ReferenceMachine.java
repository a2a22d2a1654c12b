package io.jobwatch.job;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.StateChange;
import io.jobwatch.event.TransitionKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of the design in another form, slow and plain: it remembers every look at one job that counted for something, and answers each
 * question from all of them. What is legal is a walk over the direct edges; what a jump left out is a table written by hand.
 */
final class ReferenceMachine {
    private static final Map<JobState, Set<JobState>> EDGES = Map.of(
            JobState.QUEUED, Set.of(JobState.SCHEDULED, JobState.CANCELING, JobState.CANCELED, JobState.ERROR),
            JobState.SCHEDULED, Set.of(JobState.PROCESSING, JobState.CANCELING, JobState.CANCELED, JobState.ERROR),
            JobState.PROCESSING, Set.of(JobState.FINISHED, JobState.ERROR, JobState.CANCELING),
            JobState.CANCELING, Set.of(JobState.CANCELED, JobState.FINISHED, JobState.ERROR));

    private static final Map<String, Set<JobState>> HAS_NOT = Map.of(
            "slurm", Set.of(JobState.CANCELING),
            "kubernetes", Set.of(JobState.CANCELED),
            "mediaconvert", Set.of(JobState.SCHEDULED, JobState.CANCELING));

    /** What is said of a look that is neither a transition nor dropped. */
    static final String REFRESHED = "REFRESHED";

    /** A state that was entered, and the look that showed it. */
    record Step(TransitionKind kind, JobState from, JobStateEvent seen, List<JobState> skipped) {
        JobState to() {
            return seen.getState();
        }

        Instant occurredAt() {
            Instant told = switch (to()) {
                case QUEUED -> kind == TransitionKind.RESTARTED ? null : seen.getCreatedAt();
                case PROCESSING -> seen.getStartedAt();
                case FINISHED, ERROR, CANCELED -> seen.getEndedAt();
                default -> null;
            };
            return told == null ? seen.getObservedAt() : told;
        }
    }

    /** A look that left something behind: all that it says ({@code whole}), or only its native state and whether the job is gone. */
    private record Mark(JobStateEvent seen, boolean whole, boolean ended) {
    }

    private final Duration retained;
    private final List<Step> steps = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    ReferenceMachine(Duration retained) {
        this.retained = retained;
    }

    /** {@return what the looks led to, the first first} */
    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** {@return the kind of the transition that a look raises, {@link #REFRESHED}, or the reason why it is dropped} */
    String look(JobStateEvent seen) {
        String verdict = judge(seen);
        boolean whole = verdict.equals(REFRESHED) || !isDropReason(verdict);
        if (!whole && (steps.isEmpty() || verdict.equals("REPEATED") || !leavesAMark(seen))) {
            return verdict;
        }
        if (whole && !verdict.equals(REFRESHED)) {
            JobState from = steps.isEmpty() ? null : last().to();
            steps.add(new Step(TransitionKind.valueOf(verdict), from, seen,
                    verdict.equals("ADVANCED") ? skipped(seen.getSourceType(), from, seen.getState()) : List.of()));
        }
        marks.add(new Mark(seen, whole, ended(last().to())));
        return verdict;
    }

    private String judge(JobStateEvent seen) {
        if (steps.isEmpty()) {
            boolean longAgo = ended(seen.getState()) && seen.getEndedAt() != null
                    && Duration.between(seen.getEndedAt(), seen.getObservedAt()).compareTo(retained) > 0;
            return longAgo ? "ENDED_LONG_AGO" : "DISCOVERED";
        }
        int attempt = last().seen().getAttempt();
        JobState now = last().to();
        if (seen.getAttempt() < attempt) {
            return "STALE_ATTEMPT";
        }
        if (seen.getState() == JobState.UNKNOWN && (seen.getAttempt() > attempt || now != JobState.UNKNOWN)) {
            return "UNMAPPED_STATE";
        }
        if (seen.getAttempt() > attempt) {
            return "RESTARTED";
        }
        if (seen.getState() == now) {
            return marks.stream().allMatch(mark -> mark.seen().getObservedAt().isBefore(seen.getObservedAt())) ? REFRESHED : "REPEATED";
        }
        if (now == JobState.UNKNOWN || canReach(now, seen.getState())) {
            return "ADVANCED";
        }
        return ended(now) ? "AFTER_TERMINAL" : "BACKWARD";
    }

    private boolean leavesAMark(JobStateEvent seen) {
        boolean newer = marks.stream().allMatch(mark -> mark.seen().getObservedAt().isBefore(seen.getObservedAt()));
        boolean newWord = !ended(last().to()) && !seen.getNativeState().equals(word());
        return newer && (newWord || seen.getGone() != marks.get(marks.size() - 1).seen().getGone());
    }

    boolean knowsTheJob() {
        return !steps.isEmpty();
    }

    /** {@return the transition of the last look that raised one} */
    JobTransition transition() {
        Step step = last();
        Step before = steps.size() < 2 ? null : steps.get(steps.size() - 2);
        JobStateEvent seen = step.seen();
        Long lasted = before == null ? null : Math.max(0, Duration.between(before.occurredAt(), step.occurredAt()).toMillis());
        return new JobTransition(seen.getSource(), seen.getSourceType(), seen.getAccount(), seen.getJobId(), seen.getJobName(),
                seen.getAttempt(), (long) steps.size(), step.kind(), step.from(), step.to(), seen.getNativeState(), step.skipped(),
                step.occurredAt(), seen.getNotBefore(), seen.getObservedAt(), lasted);
    }

    /** {@return the status as all looks so far leave it} */
    JobStatus status() {
        JobStateEvent whole = lastOf(marks.stream().filter(Mark::whole).map(Mark::seen).toList());
        JobStateEvent newest = marks.get(marks.size() - 1).seen();
        JobStateEvent details = details(whole);
        Instant changedAt = steps.stream().map(step -> step.seen().getObservedAt()).max(Instant::compareTo).orElseThrow();
        List<StateChange> history = steps.stream().map(step -> new StateChange(step.to(), step.occurredAt(), step.seen().getAttempt()))
                .toList();
        return new JobStatus(whole.getSource(), whole.getSourceType(), whole.getAccount(), whole.getLocation(), whole.getJobId(),
                whole.getJobName(), whole.getAttempt(), whole.getState(), word(), whole.getNativeReason(), whole.getProgress(),
                whole.getCreatedAt(), whole.getStartedAt(), whole.getEndedAt(), newest.getObservedAt(), whole.getNotBefore(),
                newest.getGone(), details.getDetailsAvailable(), details.getTasks(), whole.getAttributes(), last().from(),
                last().occurredAt(), changedAt, steps.get(0).seen().getObservedAt(), lostAt(), null, (long) steps.size(),
                history.subList(Math.max(0, history.size() - 20), history.size()));
    }

    /** The last word for the state: that of a look which counted, or of any other while the job had not ended. */
    private String word() {
        return lastOf(marks.stream().filter(mark -> mark.whole() || !mark.ended()).map(mark -> mark.seen().getNativeState()).toList());
    }

    /** The first of those looks in a row, up to the newest, by which the job was gone without having ended. */
    private Instant lostAt() {
        Instant since = null;
        for (Mark mark : marks) {
            boolean lost = mark.seen().getGone() && !mark.ended();
            since = !lost ? null : since == null ? mark.seen().getObservedAt() : since;
        }
        return since;
    }

    /** The tasks of an end stay as they were read, even if later looks at that end come without them. */
    private JobStateEvent details(JobStateEvent whole) {
        if (!ended(whole.getState()) || whole.getDetailsAvailable()) {
            return whole;
        }
        List<JobStateEvent> read = marks.stream().filter(Mark::whole).map(Mark::seen)
                .filter(seen -> seen.getAttempt() == whole.getAttempt() && seen.getState() == whole.getState()
                        && seen.getDetailsAvailable())
                .toList();
        return read.isEmpty() ? whole : lastOf(read);
    }

    private Step last() {
        return lastOf(steps);
    }

    private static <T> T lastOf(List<T> list) {
        return list.get(list.size() - 1);
    }

    private static boolean isDropReason(String verdict) {
        return List.of("STALE_ATTEMPT", "BACKWARD", "AFTER_TERMINAL", "UNMAPPED_STATE", "REPEATED", "ENDED_LONG_AGO").contains(verdict);
    }

    private static boolean ended(JobState state) {
        return state == JobState.FINISHED || state == JobState.ERROR || state == JobState.CANCELED;
    }

    private static boolean canReach(JobState from, JobState to) {
        Set<JobState> reached = EnumSet.noneOf(JobState.class);
        List<JobState> next = new ArrayList<>(EDGES.getOrDefault(from, Set.of()));
        while (!next.isEmpty()) {
            JobState state = next.remove(0);
            if (reached.add(state)) {
                next.addAll(EDGES.getOrDefault(state, Set.of()));
            }
        }
        return reached.contains(to);
    }

    static List<JobState> skipped(String sourceType, JobState from, JobState to) {
        List<JobState> between = switch (from + " " + to) {
            case "QUEUED PROCESSING" -> List.of(JobState.SCHEDULED);
            case "QUEUED FINISHED" -> List.of(JobState.SCHEDULED, JobState.PROCESSING);
            case "SCHEDULED FINISHED" -> List.of(JobState.PROCESSING);
            case "PROCESSING CANCELED" -> List.of(JobState.CANCELING);
            default -> List.of();
        };
        return between.stream().filter(state -> !HAS_NOT.getOrDefault(sourceType, Set.of()).contains(state)).toList();
    }
}
