package io.jobwatch.source.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.TransitionKind;
import io.jobwatch.job.DropReason;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.source.ObservedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Recorded listings of one cluster, one after the other, tell of each job a story in which the state machine finds no contradiction. */
@Timeout(60)
class SlurmStoryTest {

    private final StateMachine machine = new StateMachine(Duration.ofDays(3650));
    private final Map<String, JobStatus> known = new HashMap<>();
    private final Map<String, List<String>> stories = new HashMap<>();
    private Instant observedAt = Instant.ofEpochSecond(1795383720);

    @Test
    void shouldTellOfEachJobOfTheFirstRun() throws Exception {
        watch("01-pending", "02-running", "03-completing", "04-completed-and-failed", "05-canceled-while-completing",
                "06-requeued-and-canceled", "07-array-pending", "08-array-split", "09-requeued-eligible", "10-requeued-running",
                "11-requeued-completed", "12-array-last-task-pending", "13-array-last-task-running", "14-array-completed", "15-timeout");
        assertThat(stories.get("1")).containsExactly("QUEUED", "PROCESSING", "FINISHED");
        assertThat(stories.get("2")).containsExactly("QUEUED", "PROCESSING", "ERROR");
        assertThat(stories.get("3")).containsExactly("QUEUED", "CANCELED");
        assertThat(stories.get("5")).containsExactly("QUEUED", "PROCESSING", "CANCELED");
        assertThat(stories.get("6")).containsExactly("QUEUED", "PROCESSING", "ERROR");
        assertThat(stories.get("8")).containsExactly("QUEUED", "PROCESSING", "restarted QUEUED", "PROCESSING", "FINISHED");
        assertThat(stories.get("9_0")).containsExactly("QUEUED", "PROCESSING", "FINISHED");
        assertThat(stories.get("9_19")).containsExactly("QUEUED", "PROCESSING", "FINISHED");
        assertThat(stories.keySet()).filteredOn(id -> id.startsWith("9")).hasSize(20);
    }

    @Test
    void shouldTellOfEachJobOfTheSecondRun() throws Exception {
        watch("20-before-requeues", "21-requeued-completing", "22-requeued-pending", "23-resumed-completed", "24-requeued-again-running",
                "25-requeue-hold-released", "26-timeout-completing", "27-timeout");
        assertThat(stories.get("37")).containsExactly("FINISHED", "restarted QUEUED", "PROCESSING", "FINISHED");
        assertThat(stories.get("39_0")).containsExactly("PROCESSING", "restarted QUEUED", "PROCESSING", "FINISHED");
        assertThat(stories.get("41")).containsExactly("ERROR", "restarted QUEUED", "ERROR");
        assertThat(stories.get("38")).containsExactly("PROCESSING", "restarted QUEUED", "CANCELED");
        assertThat(stories.get("35")).containsExactly("PROCESSING", "ERROR");
    }

    @Test
    void shouldTellOfTwoRunsOfOneJob() throws Exception {
        watch("40-requeued-completing", "41-requeued-running-again", "42-second-run-completing", "43-second-run-completed");
        assertThat(stories.values()).hasSize(2).containsOnly(List.of("PROCESSING", "restarted PROCESSING", "FINISHED"));
    }

    private void watch(String... recordings) throws Exception {
        for (String recording : recordings) {
            observedAt = observedAt.plusSeconds(1);
            for (ObservedJob job : SlurmServer.recordedJobs("jobs-" + recording + ".json").values()) {
                Outcome outcome = machine.apply(known.get(job.jobId()), event(job));
                if (outcome instanceof Outcome.Changed changed) {
                    known.put(job.jobId(), changed.status());
                    stories.computeIfAbsent(job.jobId(), id -> new ArrayList<>()).add(told(changed.transition()));
                } else if (outcome instanceof Outcome.Refreshed refreshed) {
                    known.put(job.jobId(), refreshed.status());
                } else {
                    assertThat(outcome).as("%s in %s", job, recording).extracting("reason").isEqualTo(DropReason.REPEATED);
                }
            }
        }
    }

    private static String told(JobTransition transition) {
        return (transition.getKind() == TransitionKind.RESTARTED ? "restarted " : "") + transition.getCurrentState();
    }

    private JobStateEvent event(ObservedJob job) {
        JobStateEvent event = new JobStateEvent();
        event.setSource("cluster");
        event.setSourceType("slurm");
        event.setAccount("hpc-1");
        event.setJobId(job.jobId());
        event.setAttempt(job.attempt());
        event.setState(job.state());
        event.setNativeState(job.nativeState());
        event.setNativeReason(job.nativeReason().orElse(null));
        event.setCreatedAt(job.createdAt().orElse(null));
        event.setStartedAt(job.startedAt().orElse(null));
        event.setEndedAt(job.endedAt().orElse(null));
        event.setObservedAt(observedAt);
        event.setDetailsAvailable(job.detailsAvailable());
        event.setTasks(job.tasks());
        event.setAttributes(job.attributes());
        return event;
    }
}
