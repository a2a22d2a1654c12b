package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.query.Records;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoProgressTest {

    @Test
    void shouldCountWhatTheTopicsSay() {
        JobErrorReport error = Records.report("s", "2", Records.NOON).build();
        JobErrorReport canceled = Records.report("s", "3", Records.NOON).setState(JobState.CANCELED).build();

        String line = DemoProgress.text(50, Map.of("1", path(JobState.QUEUED, JobState.PROCESSING),
                "2", path(JobState.QUEUED, JobState.ERROR), "3", path(JobState.CANCELED)),
                Map.of("2", List.of(error), "3", List.of(canceled)), Duration.ofSeconds(75));

        assertThat(line).isEqualTo("demo: 3 of 50 jobs arrived, 2 ended, 1 failed; 1 min 15 s; Ctrl-C ends it");
    }

    private static List<JobTransition> path(JobState... states) {
        return Arrays.stream(states).map(state -> JobTransition.newBuilder().setSource("s").setJobId("1").setCurrentState(state)
                .setOccurredAt(Records.NOON).setObservedAt(Records.NOON).build()).toList();
    }
}
