package io.jobwatch.source;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Keeps the tasks of a job within what a record may hold. Of too many tasks those with errors are kept first; of too many errors the
 * first; of a text that is too long the beginning. If all of it together is still too much, the limits are lowered until it fits.
 *
 * @param tasks the tasks to keep, in the service's order
 * @param cut   what was left out, for people; empty if nothing was (beyond texts, which carry their own mark)
 */
public record TaskBounds(List<Task> tasks, Optional<String> cut) {

    /** Rising severity; the last fits for certain: 25 tasks of one error with at most 256 characters in each text are below 200 KiB. */
    private static final List<Tier> TIERS = List.of(
            new Tier(Bounds.TASKS, Bounds.ERRORS_PER_TASK, Bounds.MESSAGE_CHARS, Bounds.NAME_CHARS),
            new Tier(Bounds.TASKS, Bounds.ERRORS_PER_TASK, 2048, Bounds.NAME_CHARS),
            new Tier(Bounds.TASKS, Bounds.ERRORS_PER_TASK, 512, 256),
            new Tier(Bounds.TASKS, 3, 512, 256),
            new Tier(25, 1, 256, 256));

    private record Tier(int tasks, int errors, int message, int name) {
    }

    public TaskBounds {
        tasks = List.copyOf(tasks);
    }

    /** @param all the tasks as the service tells them, of any number and size; not changed */
    public static TaskBounds of(List<Task> all) {
        TaskBounds bounded = null;
        for (Tier tier : TIERS) {
            bounded = within(tier, all);
            if (bytes(bounded.tasks) <= Bounds.DETAIL_BYTES) {
                break;
            }
        }
        return bounded;
    }

    private static TaskBounds within(Tier tier, List<Task> all) {
        Set<Integer> kept = new HashSet<>(IntStream.range(0, all.size()).boxed()
                .sorted(Comparator.comparing(i -> all.get(i).getErrors().isEmpty())).limit(tier.tasks).toList());
        List<Task> tasks = IntStream.range(0, all.size()).filter(kept::contains).mapToObj(i -> within(tier, all.get(i))).toList();
        if (tasks.size() == all.size()) {
            return new TaskBounds(tasks, Optional.empty());
        }
        long withErrors = IntStream.range(0, all.size()).filter(i -> !kept.contains(i) && !all.get(i).getErrors().isEmpty()).count();
        return new TaskBounds(tasks, Optional.of((all.size() - tasks.size()) + " of " + all.size() + " tasks were left out, "
                + withErrors + " of them with errors"));
    }

    private static Task within(Tier tier, Task task) {
        List<ErrorDetail> all = task.getErrors();
        // The mark takes the place of the last error that would fit.
        int kept = all.size() <= tier.errors ? all.size() : Math.max(1, tier.errors - 1);
        List<ErrorDetail> errors = new ArrayList<>();
        for (ErrorDetail error : all.subList(0, kept)) {
            errors.add(new ErrorDetail(Bounds.text(error.getCode(), Bounds.WORD_CHARS), Bounds.text(error.getMessage(), tier.message)));
        }
        if (kept < all.size()) {
            errors.add(new ErrorDetail("", "… (cut, " + (all.size() - kept) + " more errors of " + all.size() + " in all)"));
        }
        return new Task(Bounds.text(task.getTaskId(), Bounds.WORD_CHARS),
                task.getName() == null ? null : Bounds.text(task.getName(), tier.name),
                task.getState(), Bounds.text(task.getNativeState(), Bounds.WORD_CHARS), task.getProgress(),
                task.getStartedAt(), task.getEndedAt(), errors);
    }

    private static long bytes(List<Task> tasks) {
        return tasks.stream().mapToLong(task -> bytes(task.getTaskId()) + bytes(task.getName()) + bytes(task.getNativeState())
                + task.getErrors().stream().mapToLong(error -> bytes(error.getCode()) + bytes(error.getMessage())).sum()).sum();
    }

    private static long bytes(String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
