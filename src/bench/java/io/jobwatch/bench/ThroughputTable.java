package io.jobwatch.bench;

import io.jobwatch.bench.Contestant.Kind;
import io.jobwatch.bench.Sample.Rate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The result of {@code throughput} as Markdown. */
final class ThroughputTable {

    private ThroughputTable() {
    }

    /**
     * What was measured.
     *
     * @param warmUp     jobs before those that count
     * @param jobs       each of five events
     * @param meanBytes  of an event's value
     * @param headers    whether events carried headers
     * @param partitions of each topic
     * @param rounds     times that each contestant ran
     */
    record Input(int warmUp, int jobs, long meanBytes, boolean headers, int partitions, int rounds) {
    }

    static String of(Map<Kind, List<Rate>> rates, Input input) {
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "%,d events (%,d jobs × %d) of %d bytes%s, after %,d to warm up, %d partitions, %s of %d round%s.%n%n",
                input.jobs() * Workload.LOOKS, input.jobs(), Workload.LOOKS, input.meanBytes(),
                input.headers() ? " and the poller's headers" : "", input.warmUp() * Workload.LOOKS, input.partitions(), input.rounds() > 1 ? "median" : "result",
                input.rounds(), input.rounds() > 1 ? "s" : ""));
        table.append("| | events/s | lowest–highest | client CPU, µs an event | broker CPU, µs an event | × (a) | × (b) |\n");
        table.append("|---|---:|---:|---:|---:|---:|---:|\n");
        rates.forEach((kind, each) -> {
            double speed = Median.of(each, Rate::eventsPerSecond);
            table.append(String.format(Locale.ROOT, "| %s | %,.0f | %,.0f–%,.0f | %.1f | %.1f | %s | %s |%n", kind.title(), speed,
                    each.stream().mapToDouble(Rate::eventsPerSecond).min().orElseThrow(),
                    each.stream().mapToDouble(Rate::eventsPerSecond).max().orElseThrow(), Median.of(each, Rate::clientCpu),
                    Median.of(each, Rate::brokerCpu), ratio(rates, each, Kind.LOOP), ratio(rates, each, Kind.DSL)));
        });
        return table.toString();
    }

    /** {@return the median of the ratios of each round: what disturbs a round disturbs both} */
    private static String ratio(Map<Kind, List<Rate>> rates, List<Rate> each, Kind base) {
        List<Rate> bases = rates.get(base);
        if (bases == null) {
            return "";
        }
        List<Integer> rounds = IntStream.range(0, each.size()).boxed().toList();
        ToDoubleFunction<Integer> ofRound = round -> each.get(round).eventsPerSecond() / bases.get(round).eventsPerSecond();
        return String.format(Locale.ROOT, "%.2f", Median.of(rounds, ofRound));
    }
}
