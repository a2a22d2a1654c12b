package io.jobwatch.job;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ways between states: which are direct, and which states a jump leaves out. */
public final class StatePath {
    /**
     * The attribute in which a job says which states its service has, as names with spaces between them, where that is a matter of
     * configuration and not of the type of the source.
     */
    public static final String STATES_ATTRIBUTE = "jobwatch.states";

    private static final List<JobState> USUAL_WAY = List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING);

    private static final Map<JobState, Set<JobState>> DIRECT = Map.of(
            JobState.QUEUED, EnumSet.of(JobState.SCHEDULED, JobState.CANCELING, JobState.CANCELED, JobState.ERROR),
            JobState.SCHEDULED, EnumSet.of(JobState.PROCESSING, JobState.CANCELING, JobState.CANCELED, JobState.ERROR),
            JobState.PROCESSING, EnumSet.of(JobState.FINISHED, JobState.ERROR, JobState.CANCELING),
            JobState.CANCELING, EnumSet.of(JobState.CANCELED, JobState.FINISHED, JobState.ERROR));

    private static final Set<JobState> ALL = EnumSet.complementOf(EnumSet.of(JobState.UNKNOWN));

    /** The states that a kind of service has at all, where these are not all seven (the table of source types in the design). */
    private static final Map<String, Set<JobState>> STATES_OF_TYPE = Map.of(
            "slurm", without(JobState.CANCELING),
            "kubernetes", without(JobState.CANCELED),
            "mediaconvert", without(JobState.SCHEDULED, JobState.CANCELING));

    private StatePath() {
    }

    /** {@return as {@link #skipped(String, JobState, JobState)} what lies between a job's state and what was seen of the same attempt} */
    public static List<JobState> skipped(JobStateEvent seen, JobState from) {
        List<JobState> between = skipped(seen.getSourceType(), from, seen.getState());
        String configured = seen.getAttributes().get(STATES_ATTRIBUTE);
        if (configured == null) {
            return between;
        }
        Set<String> had = new HashSet<>(List.of(configured.split(" ")));
        return between.stream().filter(state -> had.contains(state.name())).toList();
    }

    /**
     * {@return the states of the usual way that lie strictly between two states of one attempt and that this kind of service has} Empty for
     * a direct edge, for no move, for a move backward, and where either state is UNKNOWN.
     */
    public static List<JobState> skipped(String sourceType, JobState from, JobState to) {
        if (from == JobState.UNKNOWN || to == JobState.UNKNOWN || DIRECT.getOrDefault(from, Set.of()).contains(to)
                || JobStates.rank(to) <= JobStates.rank(from)) {
            return List.of();
        }
        Set<JobState> had = STATES_OF_TYPE.getOrDefault(sourceType, ALL);
        List<JobState> between = new ArrayList<>(3);
        for (JobState state : USUAL_WAY) {
            if (JobStates.rank(state) > JobStates.rank(from) && JobStates.rank(state) < JobStates.rank(to) && had.contains(state)) {
                between.add(state);
            }
        }
        if (from == JobState.PROCESSING && to == JobState.CANCELED && had.contains(JobState.CANCELING)) {
            between.add(JobState.CANCELING);
        }
        return List.copyOf(between);
    }

    private static Set<JobState> without(JobState... states) {
        Set<JobState> rest = EnumSet.copyOf(ALL);
        rest.removeAll(List.of(states));
        return rest;
    }
}
