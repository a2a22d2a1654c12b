package io.jobwatch.poll;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.Task;
import java.util.List;

/**
 * Keeps the tasks of a job within the size of a record. A source already bounds each text and each list; a job with many tasks and many long errors may
 * still be too large as a whole, and is then cut to its first tasks and the beginnings of their messages.
 */
final class TaskBounds {
    /** In characters, each at most three bytes in UTF-8 (four for two): below a record's limit of 1 MB with room for everything else. */
    private static final int MAX_CHARACTERS = 250_000;
    private static final int TASKS = 20;
    private static final int ERRORS = 5;
    private static final int CHARACTERS = 1000;
    /** What the cut is said to be, in the event's attribute {@code jobwatch.cut}. */
    static final String MARK = "the tasks were too large for one record: at most " + TASKS + " tasks, " + ERRORS + " errors each, "
            + CHARACTERS + " characters each are kept";

    private TaskBounds() {
    }

    static boolean fit(List<Task> tasks) {
        long characters = 0;
        for (Task task : tasks) {
            characters += 100 + task.getTaskId().length() + length(task.getName()) + task.getNativeState().length();
            for (ErrorDetail error : task.getErrors()) {
                characters += error.getCode().length() + error.getMessage().length();
            }
        }
        return characters <= MAX_CHARACTERS;
    }

    static List<Task> cut(List<Task> tasks) {
        return tasks.stream().limit(TASKS).map(task -> Task.newBuilder(task)
                .setErrors(task.getErrors().stream().limit(ERRORS).map(TaskBounds::cut).toList()).build()).toList();
    }

    private static ErrorDetail cut(ErrorDetail error) {
        String message = error.getMessage();
        return message.length() <= CHARACTERS ? error
                : new ErrorDetail(error.getCode(), message.substring(0, CHARACTERS) + "… [cut]");
    }

    private static int length(String text) {
        return text == null ? 0 : text.length();
    }
}
