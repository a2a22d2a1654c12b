package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskBoundsTest {

    @Test
    void shouldLeaveAloneWhatFits() {
        List<Task> tasks = List.of(task(1, errors(20, 8192)), task(2, List.of()));
        assertThat(TaskBounds.of(tasks)).satisfies(bounded -> {
            assertThat(bounded.tasks()).isEqualTo(tasks);
            assertThat(bounded.cut()).isEmpty();
        });
    }

    @Test
    void shouldKeepTasksWithErrorsBeforeOthersInTheServicesOrder() {
        List<Task> tasks = new ArrayList<>(IntStream.range(0, 200).mapToObj(i -> task(i, List.of())).toList());
        tasks.set(150, task(150, errors(1, 10)));
        TaskBounds bounded = TaskBounds.of(tasks);
        assertThat(bounded.tasks()).hasSize(100);
        assertThat(bounded.tasks().get(99).getTaskId()).isEqualTo("t150");
        assertThat(bounded.tasks().get(98).getTaskId()).isEqualTo("t98");
        assertThat(bounded.cut()).contains("100 of 200 tasks were left out, 0 of them with errors");
    }

    @Test
    void shouldSayHowManyErrorsOfATaskWereCut() {
        List<ErrorDetail> kept = TaskBounds.of(List.of(task(1, errors(30, 10)))).tasks().get(0).getErrors();
        assertThat(kept).hasSize(20);
        assertThat(kept.get(19)).isEqualTo(new ErrorDetail("", "… (cut, 11 more errors of 30 in all)"));
    }

    @Test
    void shouldCutAMessageWithAMark() {
        String message = TaskBounds.of(List.of(task(1, errors(1, 20_000)))).tasks().get(0).getErrors().get(0).getMessage();
        assertThat(message).hasSize(8192).startsWith("mm").endsWith("… (cut, 20000 characters in all)");
    }

    @Test
    void shouldNotSplitASurrogatePair() {
        String cut = Bounds.text("😀".repeat(500), 101);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(cut)).isTrue();
        assertThat(Bounds.text("a" + "😀".repeat(500), 101)).satisfies(text ->
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue());
    }

    @Test
    void shouldKeepTheWholeBelowItsLimitWhateverComes() {
        String wide = "\uffff".repeat(20_000);
        List<ErrorDetail> errors = IntStream.range(0, 200).mapToObj(i -> new ErrorDetail(wide, wide)).toList();
        List<Task> worst = IntStream.range(0, 2000)
                .mapToObj(i -> new Task(wide, wide, JobState.ERROR, wide, 1, null, null, errors)).toList();
        TaskBounds bounded = TaskBounds.of(worst);
        assertThat(bounded.tasks()).isNotEmpty().allMatch(task -> !task.getErrors().isEmpty());
        assertThat(bounded.tasks().toString().getBytes(StandardCharsets.UTF_8).length).isLessThan(Bounds.DETAIL_BYTES);
        assertThat(bounded.cut()).isPresent();
    }

    private static Task task(int number, List<ErrorDetail> errors) {
        return new Task("t" + number, null, errors.isEmpty() ? JobState.FINISHED : JobState.ERROR, "", null, null, null, errors);
    }

    private static List<ErrorDetail> errors(int count, int messageChars) {
        return IntStream.range(0, count).mapToObj(i -> new ErrorDetail("Code", "m".repeat(messageChars))).toList();
    }
}
