package io.jobwatch.cli.doctor;

import io.jobwatch.cli.screen.Moments;
import io.jobwatch.event.SourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the status of a source says of its polling. */
final class SourceRules {
    /** A poller tells of each source every 30 s, and after each poll that fails. */
    private static final Duration SILENT = Duration.ofSeconds(100);
    private static final Duration SLOW = Duration.ofSeconds(60);
    /** Clocks of servers differ by less, if they are kept. */
    private static final Duration SKEW = Duration.ofSeconds(10);

    private final Instant now;

    SourceRules(Instant now) {
        this.now = now;
    }

    /** Adds what is wrong. */
    void judge(SourceStatus status, List<Finding> findings) {
        String name = status.getSource();
        Duration interval = Duration.ofMillis(status.getPollIntervalMillis());
        String owner = status.getOwner().isEmpty() ? "an instance" : status.getOwner();
        Moments moments = new Moments(now);
        if (status.getUpdatedAt().isAfter(now.plus(SKEW))) {
            findings.add(Finding.warn(Ailment.CLOCK_AHEAD, name, "its status is of " + moments.relative(status.getUpdatedAt())
                    + ", by the clock of " + owner, "clocks that agree within " + SKEW.toSeconds() + " s",
                    "see the clock of that machine and of this one: chronyc tracking, or timedatectl"));
        }
        if (status.getUpdatedAt().isBefore(now.minus(SILENT.plus(interval)))) {
            findings.add(Finding.fail(Ailment.SOURCE_NOT_POLLED, name, "nothing was told of it for "
                    + moments.since(status.getUpdatedAt()) + ", last by " + owner, "a status every 30 s",
                    "start an instance with the role poll; if one runs, its log tells why it does not own the source's lane"));
        } else if (status.getFailuresInRow() > 0) {
            findings.add(Finding.fail(Ailment.SOURCE_FAILING, name, status.getFailuresInRow() + " polls have failed in a row, "
                    + (status.getLastSuccessAt() == null ? "and none has succeeded" : "the last success was "
                    + moments.both(status.getLastSuccessAt())) + ", says " + owner + ": " + status.getFailure(), "polls that succeed",
                    "jobwatch check -c FILE, on the machine of " + owner + ", tries it by hand; ops/sources.md"));
        } else if (late(status, interval)) {
            findings.add(Finding.fail(Ailment.SOURCE_NOT_POLLED, name, "the last success was "
                    + moments.both(status.getLastSuccessAt()) + ", though no poll failed", "a poll every " + Moments.text(interval),
                    "a poll may hang, or be held back by request-limit: see the log of " + owner));
        } else if (status.getLastSuccessAt() == null) {
            findings.add(Finding.warn(Ailment.SOURCE_NEVER_POLLED, name, "its first poll has not ended yet, says " + owner,
                    "a poll every " + Moments.text(interval), "look again in a minute"));
        }
        if (status.getBadItems() > 0) {
            findings.add(Finding.warn(Ailment.SOURCE_BAD_ITEMS, name, status.getBadItems()
                    + " items of the last listing cannot be read: those jobs are not watched", "items that can all be read",
                    "jobwatch dead-letters list -c FILE --origin poll --source " + name + " shows them"));
        }
    }

    private boolean late(SourceStatus status, Duration interval) {
        Duration tolerated = interval.multipliedBy(3).compareTo(SLOW) > 0 ? interval.multipliedBy(3) : SLOW;
        return status.getLastSuccessAt() != null && status.getLastSuccessAt().isBefore(now.minus(tolerated));
    }
}
