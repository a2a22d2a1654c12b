package io.jobwatch.source.slurm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The tasks of a job array that have no record of their own, as {@code array_task_string} names them: {@code "0-19"}, {@code "0-3,5%2"}
 * (at most 2 at once), {@code "0-500:2"}. Slurm cuts it to 64 characters unless slurmrestd runs with {@code SLURM_BITSTR_LEN=0}, and
 * overwrites the last three with dots, wherever they fall in a number: {@code "1,5,9,…,133,15..."}.
 *
 * @param ranges ascending
 * @param cut    whether tasks after the last range may have been cut off
 */
record ArrayTasks(List<Range> ranges, boolean cut) {

    /** @param step 1 or more; {@code last} is not always hit */
    record Range(int first, int last, int step) {
        int count() {
            return (last - first) / step + 1;
        }

        boolean contains(int index) {
            return first <= index && index <= last && (index - first) % step == 0;
        }
    }

    private static final String DOTS = "...";
    private static final Pattern LIMIT = Pattern.compile("%\\d*$");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9})(?::(\\d{1,9}))?)?");

    ArrayTasks {
        ranges = List.copyOf(ranges);
    }

    static ArrayTasks parse(String tasks) throws MalformedRecordException {
        String list = LIMIT.matcher(tasks.strip()).replaceFirst("");
        boolean cut = list.endsWith(DOTS);
        if (cut) {
            // What stands before the dots is whole only if its comma is still there.
            list = list.substring(0, Math.max(0, list.lastIndexOf(',')));
        }
        List<Range> ranges = new ArrayList<>();
        if (!list.isEmpty()) {
            for (String range : list.split(",", -1)) {
                ranges.add(range(range, tasks));
            }
        }
        return new ArrayTasks(ranges, cut);
    }

    private static Range range(String text, String whole) throws MalformedRecordException {
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            int step = range.group(3) == null ? 1 : Integer.parseInt(range.group(3));
            if (first <= last && step > 0) {
                return new Range(first, last, step);
            }
        }
        throw new MalformedRecordException("array_task_string must list task numbers such as \"0-3,5%2\", but a text of "
                + whole.length() + " characters does not");
    }

    /** {@return how many tasks can be named} */
    long count() {
        return ranges.stream().mapToLong(Range::count).sum();
    }

    /** {@return the numbers of the tasks that can be named} */
    IntStream indexes() {
        return ranges.stream().flatMapToInt(
                range -> IntStream.iterate(range.first(), index -> index <= range.last(), index -> index + range.step()));
    }

    /** {@return whether the task is named, or may be one of those that were cut off: these come after all that are named} */
    boolean mayHold(int index) {
        int lastNamed = ranges.isEmpty() ? -1 : ranges.get(ranges.size() - 1).last();
        return ranges.stream().anyMatch(range -> range.contains(index)) || cut && index > lastNamed;
    }
}
