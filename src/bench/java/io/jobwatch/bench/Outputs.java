package io.jobwatch.bench;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.AvroDecoder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a contestant's committed outputs hold: a benchmark of wrong work would be none. */
final class Outputs {
    private final Cluster cluster;

    Outputs(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Reads all outputs and compares them with what the workload leads to.
     *
     * @throws BenchException if anything is missing or too much
     */
    void verify(Contestant.Kind kind, int jobs) {
        long events = (long) jobs * Workload.LOOKS;
        String transitions = cluster.topics().jobTransitions();
        String reports = cluster.topics().jobErrorReports();
        String statuses = cluster.topics().jobStatus();
        switch (kind) {
            case LOOP, LOOP_WIDE -> {
                expect(kind, transitions, events, count(transitions));
                expect(kind, statuses, events, count(statuses));
            }
            case DSL, DSL_CACHED -> {
                expect(kind, transitions, Workload.transitions(jobs), transitions());
                expect(kind, reports, Workload.errors(jobs), count(reports));
            }
            case ROCKSDB, ROCKSDB_LZ4, MEMORY -> {
                expect(kind, transitions, Workload.transitions(jobs), transitions());
                expect(kind, reports, Workload.errors(jobs), count(reports));
                expect(kind, statuses, events, count(statuses));
                expect(kind, cluster.topics().deadLetters(), 0L, count(cluster.topics().deadLetters()));
            }
        }
    }

    /** Compares the number of statuses told with the number of events that each told one. */
    void verifyStatuses(long events) {
        expect(Contestant.Kind.ROCKSDB, cluster.topics().jobStatus(), events, count(cluster.topics().jobStatus()));
    }

    private static void expect(Contestant.Kind kind, String topic, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new BenchException(kind.title() + " did wrong work: " + topic + " should hold " + expected + ", found " + found);
        }
    }

    private Map<JobState, Long> transitions() {
        AvroDecoder<JobTransition> decoder = cluster.schemas().decoder(cluster.topics().jobTransitions());
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        read(cluster.topics().jobTransitions(),
                record -> counts.merge(decoder.decode(record.value()).getCurrentState(), 1L, Long::sum));
        return counts;
    }

    private long count(String topic) {
        long[] count = new long[1];
        read(topic, record -> count[0]++);
        return count[0];
    }

    private void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Map<String, Object> settings = new HashMap<>(cluster.kafka());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                     new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = cluster.partitionsOf(topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(reader);
            }
        }
    }
}
