package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.TransitionKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What must come of a job of Slurm.
 *
 * @param attempt the last one, 1 or 2
 * @param state   the end of that
 * @param way     the states that may be seen, as a pattern: polls miss some; a bar where the second attempt begins
 * @param code    the code of the error; null if none is due
 */
record ExpectedJob(String name, int attempt, JobState state, String way, String code, String message) {

    static ExpectedJob finished(String name, int attempt, String way) {
        return new ExpectedJob(name, attempt, JobState.FINISHED, way + "FINISHED", null, null);
    }

    static ExpectedJob canceled(String name, String way) {
        return new ExpectedJob(name, 1, JobState.CANCELED, way + "CANCELED", "CANCELLED", null);
    }

    static ExpectedJob failed(String name, int attempt, String way, String code, String message) {
        return new ExpectedJob(name, attempt, JobState.ERROR, way + "ERROR", code, message);
    }

    /** {@return whether a report is due} */
    boolean stopped() {
        return code != null;
    }

    void assertTransitions(String id, List<JobTransition> transitions) {
        assertThat(transitions).as("transitions of %s", id).isNotNull();
        assertThat(way(transitions)).as("states of %s (%s)", id, name).matches(way);
        JobTransition before = null;
        for (JobTransition transition : transitions) {
            String which = "transition " + transition.getSequence() + " of " + id;
            assertThat(transition.getSequence()).as(which).isEqualTo(before == null ? 1 : before.getSequence() + 1);
            assertThat(transition.getPreviousState()).as(which).isEqualTo(before == null ? null : before.getCurrentState());
            boolean again = before != null && transition.getAttempt() == before.getAttempt() + 1;
            assertThat(transition.getKind()).as(which).isEqualTo(before == null ? TransitionKind.DISCOVERED
                    : again ? TransitionKind.RESTARTED : TransitionKind.ADVANCED);
            assertThat(transition.getSkippedStates()).as(which).isEqualTo(before == null || again ? List.of()
                    : skipped(before.getCurrentState(), transition.getCurrentState()));
            assertThat(transition.getAttempt()).as(which).isEqualTo(before == null ? 1 : again ? 2 : before.getAttempt());
            assertThat(List.of(transition.getSource(), transition.getSourceType(), transition.getJobName()))
                    .as(which).containsExactly("cluster", "slurm", name);
            before = transition;
        }
        assertThat(before.getAttempt()).as("attempts of %s", id).isEqualTo(attempt);
    }

    /** Slurm has no CANCELING, and SCHEDULED only where nodes boot. */
    private static List<JobState> skipped(JobState from, JobState to) {
        if (from == JobState.QUEUED && to == JobState.PROCESSING) {
            return List.of(JobState.SCHEDULED);
        }
        return from == JobState.QUEUED && to == JobState.FINISHED ? List.of(JobState.SCHEDULED, JobState.PROCESSING) : List.of();
    }

    /** @param truth what Slurm itself says of the job */
    void assertReports(String id, List<JobErrorReport> reports, Map<String, String> truth) {
        assertThat(reports).as("reports of %s (%s)", id, name).hasSize(stopped() ? 1 : 0);
        for (JobErrorReport report : reports) {
            assertThat(report.getState()).as(id).isEqualTo(state);
            assertThat(report.getAttempt()).as(id).isEqualTo(attempt);
            assertThat(report.getNativeState()).as(id).isEqualTo(truth.get("JobState"));
            assertThat(report.getDetailsAvailable()).as(id).isTrue();
            assertThat(report.getTasks().get(0).getErrors().get(0).getCode()).as(id).isEqualTo(code);
            assertThat(report.getEndedAt()).as(id).isEqualTo(Instant.parse(truth.get("EndTime") + "Z"));
        }
    }

    /** {@return the report as it must be written} */
    String reportText(String id, String account, String startedAt) {
        String details = "Error Details: \n  Task Id: " + id + "\n    Error Code: " + code + "\n    Error Message: " + message + "\n\n";
        return """

                The job stopped due to cancellation or an error.
                ***************************
                Job ID: %s
                Job Name: %s
                Job State: %s
                Job started (server UTC time): %s
                Account name: %s
                Account location: hall 1
                %s***************************

                """.formatted(id, name, state == JobState.ERROR ? "Error" : "Canceled", startedAt, account,
                state == JobState.ERROR ? details : "");
    }

    String reportFile(String id) {
        return "JobStop-" + id.replace("_", "%5F") + (attempt > 1 ? "~attempt-" + attempt : "") + ".txt";
    }

    /** {@return the states that were seen, in the form of {@link #way()}} */
    static String way(List<JobTransition> transitions) {
        return transitions.stream().map(transition -> (transition.getKind() == TransitionKind.RESTARTED ? "| " : "")
                + transition.getCurrentState()).collect(Collectors.joining(" "));
    }
}
