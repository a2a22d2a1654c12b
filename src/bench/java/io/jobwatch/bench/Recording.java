package io.jobwatch.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording, summed up by threads, by whose code runs, and by methods. */
final class Recording {
    private static final int ROWS = 40;

    private final Tally threads = new Tally();
    private final Tally owners = new Tally();
    private final Tally phases = new Tally();
    private final Tally allocatedIn = new Tally();
    private final Tally compiled = new Tally();
    private final Tally methods = new Tally();
    private final Tally allocatedBy = new Tally();
    private final Tally allocatedClasses = new Tally();

    static Recording read(Path file) throws IOException {
        Recording recording = new Recording();
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                recording.add(events.readEvent());
            }
        }
        return recording;
    }

    String summary() {
        return threads.table("Samples by thread (Java threads only)", ROWS) + phases.table("Samples of the stream thread by phase", ROWS)
                + owners.table("Samples of the stream thread by whose code is on top", ROWS)
                + methods.table("Samples of the stream thread by the method on top", ROWS)
                + compiled.table("Microseconds of compiling by method and level (4: C2)", ROWS)
                + allocatedIn.table("Bytes allocated in the stream thread by phase", ROWS)
                + allocatedBy.table("Bytes allocated in the stream thread by the innermost frame of jobwatch or Kafka", ROWS)
                + allocatedClasses.table("Bytes allocated in the stream thread by class", ROWS);
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample", "jdk.NativeMethodSample" -> addSample(event);
            case "jdk.Compilation" -> {
                RecordedMethod method = event.getValue("method");
                compiled.add(shortName(method) + ", level " + event.getShort("compileLevel"), event.getDuration().toNanos() / 1_000);
            }
            case "jdk.ObjectAllocationSample" -> addAllocation(event);
            default -> {
                // Not about time or garbage.
            }
        }
    }

    private void addSample(RecordedEvent event) {
        RecordedStackTrace stack = event.getStackTrace();
        if (stack == null || stack.getFrames().isEmpty() || waits(stack.getFrames().get(0))) {
            return;
        }
        String thread = event.getThread("sampledThread").getJavaName();
        threads.add(kind(thread), 1);
        if (isWorker(thread)) {
            owners.add(owner(stack.getFrames()), 1);
            phases.add(Phase.of(stack.getFrames()).title(), 1);
            methods.add(name(stack.getFrames().get(0)), 1);
        }
    }

    private void addAllocation(RecordedEvent event) {
        RecordedStackTrace stack = event.getStackTrace();
        if (stack == null || event.getThread() == null || !isWorker(String.valueOf(event.getThread().getJavaName()))) {
            return;
        }
        allocatedIn.add(Phase.of(stack.getFrames()).title(), event.getLong("weight"));
        allocatedBy.add(step(stack.getFrames()), event.getLong("weight"));
        allocatedClasses.add(event.getClass("objectClass").getName(), event.getLong("weight"));
    }

    private static boolean waits(RecordedFrame top) {
        String method = top.getMethod().getName().toLowerCase(Locale.ROOT);
        return method.contains("wait") || method.contains("poll") && method.contains("epoll") || method.equals("park")
                || method.equals("accept") || method.equals("readbytes") && name(top).contains("FileInputStream");
    }

    private static boolean isWorker(String thread) {
        return thread.contains("StreamThread") && !thread.contains("producer") && !thread.contains("consumer")
                || thread.equals("bare-loop");
    }

    private static String kind(String thread) {
        return thread == null ? "?" : thread.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "").replaceAll("[0-9]+", "N");
    }

    /** {@return whose code it is: the first package from the top that is not the JDK's, and whether the JDK works for it} */
    private static String owner(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
                return packageOf(type);
            }
        }
        return "JDK";
    }

    private static String packageOf(String type) {
        if (type.startsWith("io.jobwatch.event.")) {
            return "generated event classes";
        }
        int dot = type.lastIndexOf('.');
        return dot < 0 ? type : type.substring(0, dot);
    }

    private static String step(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            if (type.startsWith("io.jobwatch.") && !type.startsWith("io.jobwatch.event.") || type.startsWith("org.apache.kafka.")) {
                return name(frame);
            }
        }
        return "other";
    }

    private static String name(RecordedFrame frame) {
        return shortName(frame.getMethod());
    }

    private static String shortName(RecordedMethod method) {
        String type = method.getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + method.getName();
    }

    /** Counts by name. */
    private static final class Tally {
        private final Map<String, Long> counts = new HashMap<>();
        private long total;

        void add(String name, long amount) {
            counts.merge(name, amount, Long::sum);
            total += amount;
        }

        String table(String title, int rows) {
            StringBuilder table = new StringBuilder("**" + title + "** (of " + String.format(Locale.ROOT, "%,d", total)
                    + ")\n\n| % | |\n|---:|---|\n");
            counts.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())).limit(rows)
                    .filter(entry -> entry.getValue() * 200 >= total)
                    .forEach(entry -> table.append(String.format(Locale.ROOT, "| %.1f | %s |%n", 100.0 * entry.getValue() / total,
                            entry.getKey())));
            return table.append('\n').toString();
        }
    }
}
