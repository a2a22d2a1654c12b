package io.jobwatch.cli;

import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.JobHistory;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.Task;
import io.jobwatch.job.JobStates;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Follows a demo to its end and tells how it went. */
final class DemoWatch {
    /** How long the topics may take to say what the simulator says, once its last job has ended. */
    private static final Duration SETTLE_WITHIN = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** Time for the console to print what the topics hold. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final EncoderSimulator simulator;
    private final DemoTopics topics;
    private final Stop stop;
    private final DemoProgress progress;
    private final PrintStream out;

    /** @param progress where to print, and where to show how far it is until every job has ended */
    DemoWatch(EncoderSimulator simulator, DemoTopics topics, Stop stop, DemoProgress progress) {
        this.simulator = simulator;
        this.topics = topics;
        this.stop = stop;
        this.progress = progress;
        this.out = progress.out();
    }

    /**
     * {@return the exit status}
     *
     * @param reports folder of the report files, if it is kept
     */
    int watch(Optional<Path> reports, boolean exitWhenDone) {
        while (!simulator.allDone()) {
            topics.read();
            progress.show(topics.transitions(), topics.reports());
            if (stop.await(LOOK_EVERY)) {
                return 0;
            }
        }
        List<String> disagreements = settle();
        if (stop.wished()) {
            return 0;
        }
        stop.await(LAST_WORDS);
        progress.close();
        summarise(reports, disagreements);
        if (!exitWhenDone) {
            out.println("Every job has ended; queries are answered until Ctrl-C.");
            out.flush();
            stop.await();
        }
        return disagreements.isEmpty() ? 0 : CommandLineInterface.FAILED;
    }

    private List<String> settle() {
        long deadline = System.nanoTime() + SETTLE_WITHIN.toNanos();
        while (true) {
            topics.read();
            List<String> disagreements = DemoTruth.disagreements(simulator.history(), topics.transitions(), topics.reports());
            if (disagreements.isEmpty() || System.nanoTime() > deadline || stop.await(LOOK_EVERY)) {
                return disagreements;
            }
        }
    }

    private void summarise(Optional<Path> reports, List<String> disagreements) {
        List<JobHistory> truth = simulator.history();
        Map<JobState, Long> ends = new EnumMap<>(truth.stream().collect(Collectors.groupingBy(JobHistory::state, Collectors.counting())));
        long transitions = topics.transitions().values().stream().mapToLong(List::size).sum();
        long skipped = topics.transitions().values().stream().flatMap(List::stream).map(JobTransition::getSkippedStates)
                .mapToLong(List::size).sum();
        long reported = topics.reports().values().stream().mapToLong(List::size).sum();
        out.println("Summary");
        out.println("  jobs         " + truth.size() + ": " + ends.entrySet().stream()
                .map(end -> end.getValue() + " " + JobStates.label(end.getKey())).collect(Collectors.joining(", ")));
        out.println("  transitions  " + transitions + " published, " + skipped + " states passed between two polls");
        out.println("  reports      " + reported + reports.map(folder -> ", in " + folder).orElse(""));
        codes().forEach((code, count) -> out.println("    " + count + " x " + code));
        if (disagreements.isEmpty()) {
            out.println("The topics and the simulator agree.");
        } else {
            out.println("The topics and the simulator DISAGREE:");
            disagreements.forEach(sentence -> out.println("  " + sentence));
        }
        out.flush();
    }

    private Map<String, Long> codes() {
        return topics.reports().values().stream().flatMap(List::stream).map(JobErrorReport::getTasks).flatMap(List::stream)
                .map(Task::getErrors).flatMap(List::stream)
                .collect(Collectors.groupingBy(ErrorDetail::getCode, TreeMap::new, Collectors.counting()));
    }
}
