package io.jobwatch.embedded.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.embedded.simulator.ScriptedJob.ScriptedTask;
import io.jobwatch.embedded.simulator.ScriptedJob.Step;
import io.jobwatch.event.JobState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScriptTest {

    private static final Map<JobState, Set<JobState>> LEGAL = Map.of(
            JobState.QUEUED, Set.of(JobState.SCHEDULED, JobState.CANCELED),
            JobState.SCHEDULED, Set.of(JobState.PROCESSING, JobState.ERROR),
            JobState.PROCESSING, Set.of(JobState.FINISHED, JobState.ERROR, JobState.CANCELING),
            JobState.CANCELING, Set.of(JobState.CANCELED));

    @Test
    void shouldWriteTheSameScriptForTheSameSeed() {
        assertThat(Script.write(200, 42).jobs()).isEqualTo(Script.write(200, 42).jobs());
    }

    @Test
    void shouldWriteAnotherScriptForAnotherSeed() {
        Set<String> first = Script.write(100, 1).jobs().stream().map(ScriptedJob::id).collect(Collectors.toSet());
        assertThat(Script.write(100, 2).jobs()).extracting(ScriptedJob::id).doesNotContainAnyElementsOf(first);
    }

    @Test
    void shouldNotLetTheNumberOfJobsChangeTheFirstOnes() {
        assertThat(Script.write(200, 7).jobs().subList(0, 30)).isEqualTo(Script.write(30, 7).jobs());
    }

    @Test
    void shouldEndFiftyJobsWithinFourMinutes() {
        LongStream.range(0, 50).forEach(seed -> assertThat(Script.write(50, seed).end()).isBetween(120_000L, 240_000L));
    }

    @Test
    void shouldOpenWithAJobThatMovesSoonAndFailsSoon() {
        LongStream.range(0, 50).forEach(seed -> {
            ScriptedJob first = Script.write(1, seed).jobs().get(0);
            assertThat(first.createdAt()).isZero();
            assertThat(first.steps().get(1).at()).isBetween(1000L, 2000L);
            assertThat(first.last().state()).isEqualTo(JobState.ERROR);
            assertThat(first.last().at()).isLessThan(10_000L);
        });
    }

    @Test
    void shouldMixTheOutcomesAsPromised() {
        Map<JobState, Long> ends = Script.write(1000, 3).jobs().stream()
                .collect(Collectors.groupingBy(job -> job.last().state(), Collectors.counting()));
        assertThat(ends).containsOnly(Map.entry(JobState.FINISHED, 720L),
                Map.entry(JobState.ERROR, 160L), Map.entry(JobState.CANCELED, 120L));
        assertThat(Script.write(1000, 3).jobs())
                .filteredOn(job -> path(job).equals(List.of(JobState.QUEUED, JobState.CANCELED))).hasSize(40);
        assertThat(Script.write(1000, 3).jobs()).filteredOn(job -> path(job).contains(JobState.CANCELING)).hasSize(80);
    }

    @Test
    void shouldLetSomeJobsPassWithinOnePollInterval() {
        assertThat(Script.write(25, 9).jobs()).filteredOn(job -> job.endedAt() - job.createdAt() < 2500).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void shouldTakeLegalStepsOnlyInRisingTimes() {
        for (ScriptedJob job : Script.write(1000, 11).jobs()) {
            assertThat(job.steps()).isSortedAccordingTo(Comparator.comparingLong(Step::at));
            for (int i = 1; i < job.steps().size(); i++) {
                assertThat(LEGAL.get(job.steps().get(i - 1).state())).contains(job.steps().get(i).state());
            }
        }
    }

    @Test
    void shouldBringJobsInTheOrderOfTheirCreationAndWithDistinctIds() {
        List<ScriptedJob> jobs = Script.write(1000, 5).jobs();
        assertThat(jobs).isSortedAccordingTo(Comparator.comparingLong(ScriptedJob::createdAt));
        assertThat(jobs).extracting(ScriptedJob::id).doesNotHaveDuplicates()
                .allMatch(id -> id.matches("nb:jid:UUID:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    }

    @Test
    void shouldGiveErrorsToTheTasksOfFailedJobsOnly() {
        for (ScriptedJob job : Script.write(1000, 13).jobs()) {
            List<ScriptedTask> withErrors = job.tasks().stream().filter(task -> !task.errors().isEmpty()).toList();
            assertThat(withErrors).hasSize(job.last().state() == JobState.ERROR ? 1 : 0)
                    .allMatch(task -> task.end() == JobState.ERROR);
            assertThat(job.tasks()).isNotEmpty().allMatch(task -> task.start() <= task.stop() && task.stop() <= job.endedAt());
        }
    }

    @Test
    void shouldHoldTextsThatBreakCarelessReaders() {
        String messages = Script.write(500, 17).jobs().stream().flatMap(job -> job.tasks().stream()).flatMap(task -> task.errors().stream())
                .map(ScriptedJob.ScriptedError::message).collect(Collectors.joining());
        assertThat(messages).contains("\"", "\n", "ü", "\\", "<");
    }

    private static List<JobState> path(ScriptedJob job) {
        return job.steps().stream().map(Step::state).toList();
    }
}
