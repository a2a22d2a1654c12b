package io.jobwatch.bench;

import io.jobwatch.bench.Contestant.Kind;
import io.jobwatch.bench.Race.Result;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The result of {@code throughput} as Markdown. */
final class ThroughputTable {
    private static final ToDoubleFunction<Result> SPEED = result -> result.whole().eventsPerSecond();
    private static final ToDoubleFunction<Result> WARM_SPEED = result -> result.secondHalf().eventsPerSecond();

    private ThroughputTable() {
    }

    /**
     * What was measured.
     *
     * @param jobs       each of five events
     * @param meanBytes  of an event's value
     * @param headers    whether events carried headers
     * @param partitions of each topic
     * @param rounds     times that each contestant ran
     */
    record Input(int jobs, long meanBytes, boolean headers, int partitions, int rounds) {
    }

    static String of(Map<Kind, List<Result>> results, Input input) {
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "%,d events (%,d jobs × %d) of %d bytes%s, %d partitions, %s of %d round%s.%n%n",
                input.jobs() * Workload.LOOKS, input.jobs(), Workload.LOOKS, input.meanBytes(),
                input.headers() ? " and the poller's headers" : ", no headers", input.partitions(),
                input.rounds() > 1 ? "median" : "result", input.rounds(), input.rounds() > 1 ? "s" : ""));
        table.append("| | events/s | lowest–highest | × (a) | × (b) | second half: events/s | × (a) | × (b) "
                + "| client CPU, µs an event | broker CPU, µs an event |\n");
        table.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        results.forEach((kind, each) -> table.append(String.format(Locale.ROOT,
                "| %s | %,.0f | %,.0f–%,.0f | %s | %s | %,.0f | %s | %s | %.1f | %.1f |%n", kind.title(), Median.of(each, SPEED),
                each.stream().mapToDouble(SPEED).min().orElseThrow(), each.stream().mapToDouble(SPEED).max().orElseThrow(),
                ratio(each, results.get(Kind.LOOP), SPEED), ratio(each, results.get(Kind.DSL), SPEED), Median.of(each, WARM_SPEED),
                ratio(each, results.get(Kind.LOOP), WARM_SPEED), ratio(each, results.get(Kind.DSL), WARM_SPEED),
                Median.of(each, result -> result.whole().clientCpu()), Median.of(each, result -> result.whole().brokerCpu()))));
        return table.toString();
    }

    /** {@return the median of the ratios of each round, as what disturbs a round disturbs both; nothing where there is no base} */
    private static String ratio(List<Result> each, List<Result> bases, ToDoubleFunction<Result> by) {
        if (bases == null) {
            return "";
        }
        List<Integer> rounds = IntStream.range(0, each.size()).boxed().toList();
        return String.format(Locale.ROOT, "%.2f",
                Median.of(rounds, round -> by.applyAsDouble(each.get(round)) / by.applyAsDouble(bases.get(round))));
    }
}
