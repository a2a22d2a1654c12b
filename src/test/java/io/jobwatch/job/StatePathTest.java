package io.jobwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StatePathTest {

    @TestFactory
    List<DynamicTest> shouldNameWhatEachJumpSkippedForEachKindOfService() {
        return List.of("ams-v2", "ams-v3", "slurm", "kubernetes", "mediaconvert", "http-json").stream()
                .map(type -> DynamicTest.dynamicTest(type, () -> {
                    for (JobState from : JobState.values()) {
                        for (JobState to : JobState.values()) {
                            assertThat(StatePath.skipped(type, from, to)).as("%s: %s to %s", type, from, to)
                                    .isEqualTo(ReferenceMachine.skipped(type, from, to));
                        }
                    }
                })).toList();
    }

    @Test
    void shouldNameTheWholeWayOfAJobThatFinishedUnseen() {
        assertThat(StatePath.skipped("ams-v2", JobState.QUEUED, JobState.FINISHED))
                .containsExactly(JobState.SCHEDULED, JobState.PROCESSING);
        assertThat(StatePath.skipped("mediaconvert", JobState.QUEUED, JobState.FINISHED)).containsExactly(JobState.PROCESSING);
    }

    @Test
    void shouldSkipNothingWhereAJobFailedBeforeItRan() {
        assertThat(StatePath.skipped("ams-v2", JobState.QUEUED, JobState.ERROR)).isEmpty();
    }

    /** Which states a service of type http-json has is configured. */
    @Test
    void shouldNotSkipWhatTheServiceOfTheJobDoesNotHave() {
        JobStateEvent seen = JobEvents.event("a", JobState.FINISHED, 1);
        seen.setSourceType("http-json");
        assertThat(StatePath.skipped(seen, JobState.QUEUED)).containsExactly(JobState.SCHEDULED, JobState.PROCESSING);
        seen.setAttributes(Map.of(StatePath.STATES_ATTRIBUTE, "QUEUED PROCESSING PROCESSING FINISHED"));
        assertThat(StatePath.skipped(seen, JobState.QUEUED)).containsExactly(JobState.PROCESSING);
        seen.setAttributes(Map.of(StatePath.STATES_ATTRIBUTE, ""));
        assertThat(StatePath.skipped(seen, JobState.QUEUED)).isEmpty();
    }
}
