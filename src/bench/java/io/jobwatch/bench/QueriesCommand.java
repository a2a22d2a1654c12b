package io.jobwatch.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast the query role answers, beside a bare handler of the same HTTP server, and what that costs the stream. */
@Command(name = "queries", mixinStandardHelpOptions = true,
        description = "Queries a second beside a bare server, start-up and memory of the view, and what queries cost the stream.")
final class QueriesCommand implements Callable<Integer> {
    @Mixin
    private final Common common = new Common(Common.GROWING_HEAP);
    @Option(names = "--sizes", split = ",", defaultValue = "10000,100000,1000000",
            description = "Numbers of jobs (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes;
    @Option(names = "--rate", defaultValue = "2000", description = "Events a second (default: ${DEFAULT-VALUE}).")
    private int rate;
    @Option(names = "--connections", defaultValue = "4", description = "Connections that ask at a time (default: ${DEFAULT-VALUE}).")
    private int connections;
    @Option(names = "--rounds", defaultValue = "3", description = "Rounds, of which the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;
    @Option(names = "--seconds", defaultValue = "4", description = "Seconds of each measurement (default: ${DEFAULT-VALUE}).")
    private int seconds;
    @Option(names = "--warm-up", defaultValue = "5",
            description = "Seconds that are not counted, for each question and server (default: ${DEFAULT-VALUE}).")
    private int warmUp;
    @Option(names = "--paced", defaultValue = "500",
            description = "Requests a second of the mix beside which the stream is measured (default: ${DEFAULT-VALUE}).")
    private int paced;

    @Override
    public Integer call() {
        Map<Integer, QueriesRun.Result> results = new TreeMap<>();
        QueriesRun.Settings settings = new QueriesRun.Settings(common.jvmFlags(), rate, connections, rounds, seconds, warmUp, paced);
        for (int size : sizes) {
            Path folder = common.newFolder();
            try (Cluster cluster = Cluster.start(folder, common.partitions());
                 QueriesRun run = new QueriesRun(cluster, folder, settings, size)) {
                results.put(size, run.run());
            } finally {
                Folders.delete(folder.resolve("broker"));
            }
        }
        common.publish("queries", starts(results) + "\n" + answers(results) + "\n" + streams(results));
        return 0;
    }

    private static String starts(Map<Integer, QueriesRun.Result> results) {
        StringBuilder table = new StringBuilder("""
                | jobs in the view | first start to ready, s | start with its files to ready, s | heap in use, MiB | RSS in the end, MiB |
                |---:|---:|---:|---:|---:|
                """);
        results.forEach((size, result) -> table.append(String.format(Locale.ROOT, "| %,d | %.1f | %.1f | %,d | %,d |%n", size,
                result.start().firstSeconds(), result.start().againSeconds(), result.start().heapBytes() >> 20,
                result.start().residentBytes() >> 20)));
        return table.toString();
    }

    private String answers(Map<Integer, QueriesRun.Result> results) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, """
                %d connections, each of which asks again when it has its answer; median of %d rounds of %d s; latencies in milliseconds.

                | | jobs in the view | events/s | answers/s | p50 | p99 | bare handler: answers/s | p50 | p99 | × bare |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                """, connections, rounds, seconds));
        List<Question> questions = new ArrayList<>(results.values().iterator().next().still().keySet());
        for (Question question : questions) {
            results.forEach((size, result) -> {
                table.append(row(question, size, 0, result.still().get(question)));
                table.append(row(question, size, rate, result.busy().get(question)));
            });
        }
        return table.toString();
    }

    private static String row(Question question, int size, int events, QueriesRun.Answers answers) {
        double speed = median(answers.view(), QueriesRun.Speed::perSecond);
        String bare = answers.bare().isEmpty() ? "| | | |" : String.format(Locale.ROOT, "| %,.0f | %.2f | %.2f | %.2f",
                median(answers.bare(), QueriesRun.Speed::perSecond), median(answers.bare(), QueriesRun.Speed::p50),
                median(answers.bare(), QueriesRun.Speed::p99), ratio(answers));
        return String.format(Locale.ROOT, "| %s | %,d | %,d | %,.0f | %.2f | %.2f %s |%n", question.title(), size, events, speed,
                median(answers.view(), QueriesRun.Speed::p50), median(answers.view(), QueriesRun.Speed::p99), bare);
    }

    /** {@return the median of the ratios of each round: what disturbs a round disturbs both} */
    private static double ratio(QueriesRun.Answers answers) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < answers.view().size(); round++) {
            ratios.add(answers.view().get(round).perSecond() / answers.bare().get(round).perSecond());
        }
        return Median.of(ratios, Double::doubleValue);
    }

    private static double median(List<QueriesRun.Speed> rounds, ToDoubleFunction<QueriesRun.Speed> by) {
        return Median.of(rounds, by);
    }

    private String streams(Map<Integer, QueriesRun.Result> results) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, """
                What queries cost the stream: %,d events a second for %d s, each of which raises a transition; milliseconds from the \
                planned moment of an event to the reader of committed transitions.

                | asked meanwhile | jobs in the view | answers/s | p50 | p99 | transitions: p50 | p99 | highest \
                | topology's CPU, µs an event |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|
                """, rate, rounds * seconds));
        for (int i = 0; i < results.values().iterator().next().streams().size(); i++) {
            int which = i;
            results.forEach((size, result) -> {
                QueriesRun.Stream stream = result.streams().get(which);
                String asked = stream.asked() == null ? "| | |" : String.format(Locale.ROOT, "| %,.0f | %.2f | %.2f",
                        stream.asked().perSecond(), stream.asked().p50(), stream.asked().p99());
                table.append(String.format(Locale.ROOT, "| %s | %,d %s | %.0f | %.0f | %.0f | %.0f |%n", stream.beside(), size, asked,
                        stream.late().millis(0.5), stream.late().millis(0.99), stream.late().millis(1), stream.clientMicros()));
            });
        }
        return table.toString();
    }
}
