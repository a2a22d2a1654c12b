package io.jobwatch.job;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.TransitionKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of the design in another form, slow and short: what is legal is a walk over the direct edges, what a jump left out is a table
 * written by hand. It remembers every step of one job.
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

    record Step(TransitionKind kind, int attempt, JobState from, JobState to, List<JobState> skipped) {
    }

    private final List<Step> steps = new ArrayList<>();

    List<Step> steps() {
        return steps;
    }

    void look(JobStateEvent seen) {
        if (steps.isEmpty()) {
            steps.add(new Step(TransitionKind.DISCOVERED, seen.getAttempt(), null, seen.getState(), List.of()));
            return;
        }
        Step last = steps.get(steps.size() - 1);
        if (seen.getState() == JobState.UNKNOWN || seen.getAttempt() < last.attempt()) {
            return;
        }
        if (seen.getAttempt() > last.attempt()) {
            steps.add(new Step(TransitionKind.RESTARTED, seen.getAttempt(), last.to(), seen.getState(), List.of()));
        } else if (last.to() == JobState.UNKNOWN || canReach(last.to(), seen.getState())) {
            steps.add(new Step(TransitionKind.ADVANCED, seen.getAttempt(), last.to(), seen.getState(),
                    skipped(seen.getSourceType(), last.to(), seen.getState())));
        }
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
