package io.jobwatch.cli;

import io.jobwatch.embedded.simulator.JobHistory;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads transitions and reports as anyone would who must not see what was never committed, from the beginning on until it is closed, and
 * notes when it had them.
 */
final class LoadWitness implements AutoCloseable {
    private final TopicNames topics;
    private final AvroDecoder<JobTransition> transitionDecoder;
    private final AvroDecoder<JobErrorReport> reportDecoder;
    private final List<Told<JobTransition>> transitions = new ArrayList<>();
    private final List<Told<JobErrorReport>> reports = new ArrayList<>();
    private final CommittedRecords records;

    /**
     * A record, and when the reader had it.
     *
     * @param at by the clock of this machine, as is its observedAt
     */
    record Told<T extends EventRecord>(ConsumerRecord<byte[], byte[]> record, T value, Instant at) {
    }

    LoadWitness(Map<String, Object> kafka, TopicNames topics, TopicSchemas schemas) {
        this.topics = topics;
        this.transitionDecoder = schemas.decoder(topics.jobTransitions());
        this.reportDecoder = schemas.decoder(topics.jobErrorReports());
        this.records = new CommittedRecords(kafka, List.of(topics.jobTransitions(), topics.jobErrorReports()), this::take);
    }

    /** {@return the transitions told until now, in the order of each partition} */
    List<Told<JobTransition>> transitions() {
        records.requireReading();
        synchronized (this) {
            return List.copyOf(transitions);
        }
    }

    /** {@return where what was told differs from what is true, a sentence each; it must not be changing any more} */
    List<String> disagreements(SteadyLoad load) {
        Map<String, Map<String, List<JobTransition>>> told = bySource(transitions(), JobTransition::getSource, JobTransition::getJobId);
        Map<String, Map<String, List<JobErrorReport>>> reported;
        synchronized (this) {
            reported = bySource(reports, JobErrorReport::getSource, JobErrorReport::getJobId);
        }
        List<JobHistory> truth = load.truth();
        return load.sources().stream().flatMap(source -> DemoTruth.disagreements(truth, told.getOrDefault(source, Map.of()),
                reported.getOrDefault(source, Map.of())).stream().map(found -> source + "/" + found)).toList();
    }

    private static <T extends EventRecord> Map<String, Map<String, List<T>>> bySource(List<Told<T>> told, Function<T, String> source,
                                                                                     Function<T, String> jobId) {
        return told.stream().map(Told::value).collect(Collectors.groupingBy(source, Collectors.groupingBy(jobId)));
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        Instant now = Instant.now();
        if (record.topic().equals(topics.jobTransitions())) {
            transitions.add(new Told<>(record, transitionDecoder.decode(record.value()), now));
        } else {
            reports.add(new Told<>(record, reportDecoder.decode(record.value()), now));
        }
    }

    /**
     * How steadily transitions came in a span of time.
     *
     * @param transitions how many there were
     * @param anywhere    the longest time between two, whatever their partitions
     * @param inPartition the longest time between two of the same partition
     * @param late        the longest time from the look of a poller to the reader
     * @param unlooked    the longest time between two looks at the same source that found something to tell
     */
    record Steadiness(int transitions, Duration anywhere, Duration inPartition, Duration late, Duration unlooked) {
        @Override
        public String toString() {
            return "%,5d transitions; longest gap %5d ms, in one partition %5d ms; %5d ms from look to reader at most; %5d ms between looks"
                    .formatted(transitions, anywhere.toMillis(), inPartition.toMillis(), late.toMillis(), unlooked.toMillis());
        }
    }

    /** {@return how steadily transitions came between two moments; a gap counts that ends in between, wherever it began} */
    Steadiness steadiness(Instant from, Instant to) {
        List<Told<JobTransition>> until = transitions().stream().filter(told -> told.at().isBefore(to)).toList();
        List<Told<JobTransition>> within = until.stream().filter(told -> !told.at().isBefore(from)).toList();
        Duration late = within.stream().map(told -> Duration.between(told.value().getObservedAt(), told.at())).max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new Steadiness(within.size(), longestGap(until, from, told -> "", Told::at),
                longestGap(until, from, told -> told.record().partition(), Told::at), late,
                longestGap(until, from, told -> told.value().getSource(), told -> told.value().getObservedAt()));
    }

    private static <T> Duration longestGap(List<Told<JobTransition>> all, Instant from, Function<Told<JobTransition>, T> group,
                                           Function<Told<JobTransition>, Instant> time) {
        Duration longest = Duration.ZERO;
        for (List<Told<JobTransition>> each : all.stream().collect(Collectors.groupingBy(group, LinkedHashMap::new, Collectors.toList()))
                .values()) {
            List<Instant> times = each.stream().map(time).sorted().toList();
            for (int i = 1; i < times.size(); i++) {
                Duration gap = Duration.between(times.get(i - 1), times.get(i));
                longest = gap.compareTo(longest) > 0 && times.get(i).isAfter(from) ? gap : longest;
            }
        }
        return longest;
    }

    @Override
    public void close() {
        records.close();
    }
}
