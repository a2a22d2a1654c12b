package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobEvents;
import io.jobwatch.topology.StreamCluster.Stream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskIT {
    private static final int MEGABYTES = 24;
    private static final int BATCH = 500;
    /** RocksDB writes to the disk when its buffer is full (16 MiB by default): far more than that, all in all. */
    private static final int MOST_JOBS = 40 * BATCH;
    private static final long START = System.currentTimeMillis() - 3_600_000;
    private static final String LONG_REASON = "x".repeat(10_000);

    @TempDir
    private Path folder;

    @Test
    void shouldStandStillWhileTheStateDiskIsFullAndThenTellEveryTransitionOnce() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), MEGABYTES);
             StreamCluster cluster = new StreamCluster(folder.resolve("broker"))) {
            Stream stream = cluster.topics("full-disk");
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            try (TopologyRunner runner = stream.start(meters, disk.path().resolve("state"))) {
                int jobs = send(stream, 0);
                StreamCluster.await().until(() -> stream.transitions().size() == 2 * BATCH);
                disk.fill();
                while (StreamCluster.failedThreads(runner) == 0) {
                    assertThat(jobs).as("jobs taken though the disk is full").isLessThan(MOST_JOBS);
                    jobs = send(stream, jobs);
                    int taken = 2 * jobs;
                    StreamCluster.await().until(() -> StreamCluster.failedThreads(runner) > 0 || stream.transitions().size() == taken);
                }
                StreamCluster.await().until(() -> StreamCluster.failedThreads(runner) > 1);
                StreamCluster.await().untilAsserted(() -> assertNothingIsHalfDone(stream));
                assertThat(stream.transitions()).as("transitions while the disk is full").hasSizeLessThan(2 * jobs);

                disk.free();

                int all = 2 * jobs;
                StreamCluster.await().until(() -> stream.transitions().size() >= all);
                assertEachOnce(stream, jobs);
                assertThat(stream.deadLetters()).isEmpty();
                assertThat(StreamCluster.count(meters, "jobwatch.dead.letters")).isZero();
            }
        }
    }

    /** @return how many jobs there are then */
    private static int send(Stream stream, int before) throws Exception {
        List<JobStateEvent> events = new ArrayList<>();
        for (int job = before; job < before + BATCH; job++) {
            events.add(JobEvents.event("job-" + job, JobState.QUEUED, START));
            JobStateEvent failed = JobEvents.event("job-" + job, JobState.ERROR, START + 1_000);
            failed.setNativeReason(LONG_REASON);
            events.add(failed);
        }
        stream.send(events.toArray(JobStateEvent[]::new));
        return before + BATCH;
    }

    /** Each status has exactly the transitions that it counts, and each stop its report. */
    private static void assertNothingIsHalfDone(Stream stream) {
        List<JobTransition> transitions = stream.transitions();
        assertThat(stream.statuses().values()).as("statuses").extracting(status -> status.getJobId() + " " + status.getSequence())
                .containsExactlyInAnyOrderElementsOf(latest(transitions));
        assertThat(stream.reports()).as("reports").extracting(JobErrorReport::getJobId).containsExactlyElementsOf(
                transitions.stream().filter(t -> t.getCurrentState() == JobState.ERROR).map(JobTransition::getJobId).toList());
        assertThat(stream.deadLetters()).as("dead letters").isEmpty();
        assertThat(stream.transitions()).as("transitions at the end of this look").hasSameSizeAs(transitions);
    }

    private static List<String> latest(List<JobTransition> transitions) {
        List<String> result = new ArrayList<>();
        for (JobTransition transition : transitions) {
            if (transition.getSequence() > 1) {
                result.remove(transition.getJobId() + " " + (transition.getSequence() - 1));
            }
            result.add(transition.getJobId() + " " + transition.getSequence());
        }
        return result;
    }

    private static void assertEachOnce(Stream stream, int jobs) {
        assertThat(stream.transitions()).extracting(t -> t.getJobId() + " " + t.getSequence() + " " + t.getCurrentState())
                .containsExactlyElementsOf(IntStream.range(0, jobs).boxed()
                        .flatMap(job -> java.util.stream.Stream.of("job-" + job + " 1 QUEUED", "job-" + job + " 2 ERROR")).toList());
        assertThat(stream.reports()).extracting(JobErrorReport::getJobId)
                .containsExactlyElementsOf(IntStream.range(0, jobs).mapToObj(job -> "job-" + job).toList());
        assertThat(stream.statuses()).hasSize(jobs).allSatisfy((id, status) -> assertThat(status.getState()).isEqualTo(JobState.ERROR));
    }
}
