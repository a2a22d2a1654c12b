package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobBoundsTest {

    @Test
    void shouldLeaveAloneWhatFits() {
        ObservedJob job = job("n".repeat(1024), "w".repeat(256), "r".repeat(256), tasks(100), attributes(32, "v".repeat(256)));

        assertThat(JobBounds.of(job)).isEqualTo(job);
    }

    @Test
    void shouldCutTextsThatAreTooLongWithAMark() {
        ObservedJob bounded = JobBounds.of(job("n".repeat(1025), "w".repeat(257), "r".repeat(9_000), List.of(),
                Map.of("k".repeat(300), "v".repeat(100_000))));

        assertThat(bounded.name().orElseThrow()).hasSize(1024).startsWith("nnn").endsWith("… (cut, 1025 characters in all)");
        assertThat(bounded.nativeState()).hasSize(256).endsWith("… (cut, 257 characters in all)");
        assertThat(bounded.nativeReason().orElseThrow()).hasSize(256).endsWith("… (cut, 9000 characters in all)");
        assertThat(bounded.attributes()).hasSize(1).allSatisfy((name, value) -> {
            assertThat(name).hasSize(256).endsWith("… (cut, 300 characters in all)");
            assertThat(value).hasSize(256).endsWith("… (cut, 100000 characters in all)");
        });
    }

    @Test
    void shouldKeepTheSameAttributesAtEveryLookAndSayHowManyWereLeftOut() {
        ObservedJob bounded = JobBounds.of(job("", "", "", List.of(), attributes(40, "v")));

        Map<String, String> expected = new TreeMap<>(attributes(32, "v"));
        expected.put("jobwatch.cut", "8 of 40 attributes were left out");
        assertThat(bounded.attributes()).isEqualTo(expected);
    }

    @Test
    void shouldNotLetTwoAttributesPassForOneWhenTheirNamesAreCut() {
        Map<String, String> twins = Map.of("k".repeat(300) + "1", "a", "k".repeat(300) + "2", "b");

        assertThat(JobBounds.of(job("", "", "", List.of(), twins)).attributes()).hasSize(2).containsValue("a")
                .containsEntry("jobwatch.cut", "1 of 2 attributes were left out");
    }

    @Test
    void shouldSayAllThatWasLeftOut() {
        ObservedJob bounded = JobBounds.of(job("", "", "", tasks(150), attributes(40, "v")));

        assertThat(bounded.tasks()).hasSize(100);
        assertThat(bounded.attributes()).containsEntry("jobwatch.cut",
                "50 of 150 tasks were left out, 0 of them with errors; 8 of 40 attributes were left out");
    }

    /** A service may have an attribute of that name too. */
    @Test
    void shouldBoundTheMarkItself() {
        Map<String, String> attributes = attributes(40, "v");
        attributes.put("jobwatch.cut", "c".repeat(9_000));

        assertThat(JobBounds.of(job("", "", "", List.of(), attributes)).attributes()).hasSize(33).hasEntrySatisfying("jobwatch.cut",
                mark -> assertThat(mark).startsWith("8 of 40 attributes were left out; ccc").hasSize(256));
    }

    @Test
    void shouldChangeNothingMoreWhenDoneAgain() {
        ObservedJob bounded = JobBounds.of(job("n".repeat(9_000), "w".repeat(9_000), "r".repeat(9_000), tasks(150),
                attributes(40, "v".repeat(9_000))));

        assertThat(JobBounds.of(bounded)).isEqualTo(bounded);
    }

    /** A part of an id would be another id. */
    @Test
    void shouldNotTakeAnIdThatIsTooLongForAJob() {
        assertThatThrownBy(() -> new ObservedJob("x".repeat(513), Optional.empty(), 1, JobState.QUEUED, "", Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true, List.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("513").hasMessageContaining("512");
    }

    private static ObservedJob job(String name, String nativeState, String reason, List<Task> tasks, Map<String, String> attributes) {
        return new ObservedJob("x".repeat(512), Optional.of(name), 1, JobState.QUEUED, nativeState, Optional.of(reason), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), true, tasks, attributes);
    }

    private static List<Task> tasks(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Task("t" + i, null, JobState.QUEUED, "", null, null, null, List.of())).toList();
    }

    private static Map<String, String> attributes(int count, String value) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> String.format("attribute-%03d", i), i -> value));
    }
}
