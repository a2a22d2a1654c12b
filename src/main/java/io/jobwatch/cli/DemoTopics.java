package io.jobwatch.cli;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what the topics say of the jobs of a demo, committed records alone. One thread. */
final class DemoTopics implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String transitionsTopic;
    private final AvroDecoder<JobTransition> transitionDecoder;
    private final AvroDecoder<JobErrorReport> reportDecoder;
    private final Map<String, List<JobTransition>> transitions = new HashMap<>();
    private final Map<String, List<JobErrorReport>> reports = new HashMap<>();

    /** {@return a reader of what comes from now on} */
    static DemoTopics fromNow(Map<String, Object> kafka, TopicNames topics, SchemaRegistry registry) {
        DemoTopics reader = new DemoTopics(kafka, topics, registry);
        reader.consumer.seekToEnd(reader.consumer.assignment());
        reader.consumer.assignment().forEach(reader.consumer::position);   // seeking is lazy: the end is the end of now
        return reader;
    }

    /** {@return a reader of everything} */
    static DemoTopics fromTheBeginning(Map<String, Object> kafka, TopicNames topics, SchemaRegistry registry) {
        DemoTopics reader = new DemoTopics(kafka, topics, registry);
        reader.consumer.seekToBeginning(reader.consumer.assignment());
        return reader;
    }

    private DemoTopics(Map<String, Object> kafka, TopicNames topics, SchemaRegistry registry) {
        this.transitionsTopic = topics.jobTransitions();
        this.transitionDecoder = new AvroDecoder<>(registry, JobTransition.getClassSchema());
        this.reportDecoder = new AvroDecoder<>(registry, JobErrorReport.getClassSchema());
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        consumer = new KafkaConsumer<>(settings);
        consumer.assign(Stream.of(topics.jobTransitions(), topics.jobErrorReports())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition())).toList());
    }

    /** Takes over what came since the last call. */
    void read() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            if (record.topic().equals(transitionsTopic)) {
                JobTransition transition = transitionDecoder.decode(record.value());
                transitions.computeIfAbsent(transition.getJobId(), id -> new ArrayList<>()).add(transition);
            } else {
                JobErrorReport report = reportDecoder.decode(record.value());
                reports.computeIfAbsent(report.getJobId(), id -> new ArrayList<>()).add(report);
            }
        }
    }

    Map<String, List<JobTransition>> transitions() {
        return transitions;
    }

    Map<String, List<JobErrorReport>> reports() {
        return reports;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
