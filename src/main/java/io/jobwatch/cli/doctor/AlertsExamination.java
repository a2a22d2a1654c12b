package io.jobwatch.cli.doctor;

import io.jobwatch.cli.screen.Moments;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Whether jobwatch itself has raised alerts that have not ended. */
final class AlertsExamination implements Examination {
    /** A job that was lost stays so until it is forgotten: that is news for a day. */
    private static final Duration NEWS = Duration.ofDays(1);
    private static final int MOST_NAMED = 3;

    private final Deployment deployment;
    private final InstantSource clock;

    AlertsExamination(Deployment deployment, InstantSource clock) {
        this.deployment = deployment;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "alerts";
    }

    @Override
    public Result examine() {
        Instant now = clock.instant();
        Map<AlertKind, List<JobAlert>> active = new EnumMap<>(AlertKind.class);
        // A job that is stuck and then lost has two alerts under one key, and each ends by itself.
        new EventTopic<JobAlert>(deployment, deployment.topics().jobAlerts(), JobAlert.getClassSchema(), JobAlert::getKind)
                .latest().values().stream()
                .filter(JobAlert::getActive)
                .filter(alert -> alert.getKind() != AlertKind.LOST || alert.getDetectedAt().isAfter(now.minus(NEWS)))
                .forEach(alert -> active.computeIfAbsent(alert.getKind(), kind -> new ArrayList<>()).add(alert));
        List<Finding> findings = active.entrySet().stream().map(kind -> finding(kind.getKey(), kind.getValue(), now)).toList();
        long count = active.values().stream().mapToLong(List::size).sum();
        return new Result(count == 0 ? "none is active" : count + " active", findings);
    }

    private static Finding finding(AlertKind kind, List<JobAlert> alerts, Instant now) {
        List<JobAlert> oldest = alerts.stream().sorted(Comparator.comparing(JobAlert::getSince)).toList();
        StringBuilder found = new StringBuilder().append(alerts.size()).append(alerts.size() == 1 ? " is active: " : " are active: ");
        for (int i = 0; i < Math.min(MOST_NAMED, oldest.size()); i++) {
            JobAlert alert = oldest.get(i);
            found.append(i == 0 ? "" : ", ").append(alert.getSource()).append(alert.getJobId() == null ? "" : "/" + alert.getJobId())
                    .append(" since ").append(new Moments(now).both(alert.getSince()));
        }
        found.append(oldest.size() > MOST_NAMED ? ", …" : "");
        boolean down = kind == AlertKind.SOURCE_DOWN;
        return new Finding(down ? Severity.FAIL : Severity.WARN, Ailment.ALERT_ACTIVE, kind.name(), found.toString(),
                kind == AlertKind.LOST ? "none within a day" : "none", switch (kind) {
                    case SOURCE_DOWN -> "see what this report says of the source; jobwatch sources";
                    case STUCK -> "ask the service what the jobs wait for: jobwatch alerts; process.stuck-after sets the limits";
                    case LOST -> "the service no longer knows jobs that had not ended: jobwatch alerts, jobwatch explain KEY";
                    case UNSPECIFIED -> "this release does not know the kind: jobwatch alerts, of the release that wrote it";
                });
    }
}
