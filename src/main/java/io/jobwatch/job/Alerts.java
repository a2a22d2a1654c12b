package io.jobwatch.job;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes alerts, and their ends, which tell the same {@code since}. Immutable. */
public final class Alerts {
    private final Deadlines deadlines;

    /** @param deadlines whose limits the messages name */
    public Alerts(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    /**
     * {@return the alerts that begin or end where one status follows another}
     *
     * @param before null where the job was not known
     * @param after  null where the job is forgotten: what was active then ends
     * @param at     when that was noticed
     */
    public List<JobAlert> between(JobStatus before, JobStatus after, Instant at) {
        Instant wasStuck = before == null ? null : before.getStuckAlertedAt();
        Instant stuck = after == null ? null : after.getStuckAlertedAt();
        Instant wasLost = before == null ? null : before.getLostAt();
        Instant lost = after == null ? null : after.getLostAt();
        if ((wasStuck == null) == (stuck == null) && (wasLost == null) == (lost == null)) {
            return List.of();   // as nearly always
        }
        List<JobAlert> alerts = new ArrayList<>(2);
        String ended = after == null ? "forgotten: the service no longer knows the job" : "now " + JobStates.label(after.getState());
        if (wasStuck != null && stuck == null) {
            alerts.add(alert(before, AlertKind.STUCK, false, before.getStateSince(), at, ended));
        }
        if (wasStuck == null && stuck != null) {
            alerts.add(alert(after, AlertKind.STUCK, true, after.getStateSince(), at, JobStates.label(after.getState()) + " since "
                    + after.getStateSince() + deadlines.limitOf(after.getState()).map(limit -> ", longer than " + text(limit)).orElse("")));
        }
        if (wasLost != null && lost == null) {
            alerts.add(alert(before, AlertKind.LOST, false, wasLost, at,
                    after == null ? ended : "the service knows the job again: " + ended));
        }
        if (wasLost == null && lost != null) {
            alerts.add(alert(after, AlertKind.LOST, true, lost, at,
                    "the service no longer knows the job, which was last seen " + JobStates.label(after.getState())));
        }
        return alerts;
    }

    /**
     * {@return the alert that a source cannot be looked at}
     *
     * @param status what was last heard of the source
     * @param since  of the last successful look, or since when there was none
     */
    public JobAlert sourceDown(SourceStatus status, Instant since, Instant at) {
        String message = "no successful look since " + since;
        if (status.getFailuresInRow() > 0) {
            message += "; " + status.getFailuresInRow() + " failed in a row: " + status.getFailure();
        }
        return new JobAlert(status.getSource(), null, null, AlertKind.SOURCE_DOWN, true, null, since, at, message);
    }

    /** {@return the end of an alert about a source} */
    public JobAlert sourceUp(JobAlert down, Instant at, String message) {
        return new JobAlert(down.getSource(), null, null, AlertKind.SOURCE_DOWN, false, null, down.getSince(), at, message);
    }

    private static JobAlert alert(JobStatus status, AlertKind kind, boolean active, Instant since, Instant at, String message) {
        return new JobAlert(status.getSource(), status.getJobId(), status.getJobName(), kind, active, status.getState(), since, at,
                message);
    }

    /** {@return as a configuration has it: {@code 12h}, {@code 1h30m}} */
    private static String text(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
