package io.jobwatch.poll;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.source.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How the polling of a source is doing; says when that is worth publishing. Belongs to the thread of the source. */
final class SourceHealth {
    private static final Duration REPEAT = Duration.ofSeconds(30);

    private final SourceConfig source;
    private final String owner;
    private Optional<Instant> lastPollAt = Optional.empty();
    private Optional<Instant> lastSuccessAt;
    private int failuresInRow;
    private Optional<String> failure = Optional.empty();
    private int jobsSeen;
    private int jobsActive;
    private int badItems;
    private long statesMissed;
    private long lagMillis;
    private Optional<Instant> publishedAt = Optional.empty();
    private boolean changed = true;

    SourceHealth(SourceConfig source, String owner, Optional<Instant> lastSuccessAt) {
        this.source = source;
        this.owner = owner;
        this.lastSuccessAt = lastSuccessAt;
    }

    void began(Instant planned, Instant now) {
        lastPollAt = Optional.of(now);
        lagMillis = Math.max(0, Duration.between(planned, now).toMillis());
    }

    /** A poll succeeded and its changes, if any, are committed. */
    void succeeded(Instant startedAt, int active) {
        changed |= failuresInRow > 0 || lastSuccessAt.isEmpty();
        lastSuccessAt = Optional.of(startedAt);
        failuresInRow = 0;
        failure = Optional.empty();
        jobsActive = active;
    }

    void listed(int jobs, int bad, int missed) {
        changed |= bad != badItems;
        jobsSeen = jobs;
        badItems = bad;
        statesMissed += missed;
    }

    void failed(String reason) {
        changed = true;
        failuresInRow++;
        failure = Optional.of(Bounds.text(reason, Bounds.FAILURE_CHARS));
    }

    int failuresInRow() {
        return failuresInRow;
    }

    /** {@return how much later than planned the last poll began} */
    long lagMillis() {
        return lagMillis;
    }

    /** {@return how many jobs the last answer told that told any} */
    int jobsSeen() {
        return jobsSeen;
    }

    /** {@return how many jobs had not ended at the last successful poll} */
    int jobsActive() {
        return jobsActive;
    }

    boolean due(Instant now) {
        return changed || publishedAt.map(at -> !now.isBefore(at.plus(REPEAT))).orElse(true);
    }

    void published(Instant now) {
        publishedAt = Optional.of(now);
        changed = false;
    }

    /** @param interval between two polls as it is now */
    SourceStatus status(Instant now, Instant nextPollAt, Duration interval) {
        SourceStatus status = new SourceStatus();
        status.setSource(source.name());
        status.setSourceType(source.type());
        status.setAccount(source.account());
        status.setLocation(source.location().orElse(null));
        status.setUpdatedAt(now);
        status.setLastPollAt(lastPollAt.orElse(null));
        status.setLastSuccessAt(lastSuccessAt.orElse(null));
        status.setFailuresInRow(failuresInRow);
        status.setFailure(failure.orElse(null));
        status.setJobsSeen(jobsSeen);
        status.setJobsActive(jobsActive);
        status.setStatesMissed(statesMissed);
        status.setBadItems(badItems);
        status.setLagMillis(lagMillis);
        status.setPollIntervalMillis(interval.toMillis());
        status.setNextPollAt(nextPollAt);
        status.setOwner(owner);
        return status;
    }
}
