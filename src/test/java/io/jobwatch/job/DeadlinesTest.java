package io.jobwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final StateMachine machine = new StateMachine(Duration.ofDays(7));
    private final Deadlines deadlines = new Deadlines(
            Map.of(JobState.QUEUED, Duration.ofMinutes(1), JobState.FINISHED, Duration.ofMinutes(1)),
            Duration.ofDays(7));

    @Test
    void shouldGoByOurClockAndNotByTheServices() {
        JobStateEvent queued = JobEvents.event("7", JobState.QUEUED, 1_000_000);
        queued.setCreatedAt(Instant.EPOCH);

        assertThat(deadlines.of(status(queued))).contains(new Deadline(Deadline.Kind.STUCK, 1_060_000));
    }

    @Test
    void shouldHaveNoneForAnEndedJobThatIsStillListed() {
        assertThat(deadlines.of(status(JobEvents.event("7", JobState.FINISHED, 0)))).isEmpty();
    }

    /** A record may tell any time there is; the sum must not wrap around into the past. */
    @Test
    void shouldNotComeBeforeTheEndOfTime() {
        JobStatus status = status(JobEvents.event("7", JobState.QUEUED, Long.MAX_VALUE - 1));

        assertThat(deadlines.of(status)).isEqualTo(Optional.of(new Deadline(Deadline.Kind.STUCK, Long.MAX_VALUE)));
    }

    private JobStatus status(JobStateEvent seen) {
        return ((Outcome.Changed) machine.apply(null, seen)).status();
    }
}
