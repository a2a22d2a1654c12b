package io.jobwatch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The processor time of a process by its threads, the compiler's and the collector's included, from Linux's {@code /proc}. Empty elsewhere.
 *
 * @param ticks by the thread's name, of which Linux keeps 15 characters; in hundredths of a second
 */
record ThreadTimes(Map<String, Long> ticks) {

    static ThreadTimes of(long pid) {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        Map<String, Long> ticks = new TreeMap<>();
        if (Files.isDirectory(tasks)) {
            try (Stream<Path> each = Files.list(tasks)) {
                each.forEach(task -> add(ticks, task));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + tasks, e);
            }
        }
        return new ThreadTimes(ticks);
    }

    /** {@return what was taken since an earlier look} */
    ThreadTimes since(ThreadTimes earlier) {
        Map<String, Long> between = new TreeMap<>();
        ticks.forEach((name, now) -> between.put(name, now - earlier.ticks.getOrDefault(name, 0L)));
        return new ThreadTimes(between);
    }

    private static void add(Map<String, Long> ticks, Path task) {
        List<String> lines;
        try {
            lines = Files.readAllLines(task.resolve("stat"));
        } catch (IOException e) {
            return;   // the thread has ended meanwhile
        }
        // The name is in brackets and may hold anything; utime and stime are the 12th and 13th fields after it (proc(5)).
        String line = lines.get(0);
        String name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')')).replaceAll("[0-9]+", "N");
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        ticks.merge(name, Long.parseLong(fields[11]) + Long.parseLong(fields[12]), Long::sum);
    }
}
