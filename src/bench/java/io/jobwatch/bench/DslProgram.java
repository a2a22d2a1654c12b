package io.jobwatch.bench;

import io.jobwatch.config.RegistryConfig;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The program that one would write first: group by key, aggregate the latest status with RocksDB behind it, tell each change and each stop.
 * Avro through generic records, exactly once, and the defaults of Kafka Streams but for one: the cache is off, as it would keep the last of
 * several changes only, and transitions would be lost.
 */
final class DslProgram implements Contestant {
    private final SchemaRegistry registry;
    private final KafkaStreams streams;

    /** @param cached whether the store has a cache, as by default */
    DslProgram(ContestantSettings settings, boolean cached) {
        registry = SchemaRegistries.of(new RegistryConfig(settings.registryUrl(), 0, Map.of())).open();
        streams = new KafkaStreams(topology(settings.topics(), cached), properties(settings));
        // A failure would be waited for as if it were slow.
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR) {
                Runtime.getRuntime().halt(1);
            }
        });
    }

    private Topology topology(TopicNames topics, boolean cached) {
        GenericJobs jobs = new GenericJobs(published(topics.jobStatus(), JobStatus.getClassSchema()),
                published(topics.jobTransitions(), JobTransition.getClassSchema()),
                published(topics.jobErrorReports(), JobErrorReport.getClassSchema()));
        Materialized<String, GenericRecord, KeyValueStore<Bytes, byte[]>> store =
                Materialized.<String, GenericRecord, KeyValueStore<Bytes, byte[]>>as("status").withKeySerde(Serdes.String())
                        .withValueSerde(serde(topics.jobStatus()));
        StreamsBuilder builder = new StreamsBuilder();
        KTable<String, GenericRecord> statuses = builder
                .stream(topics.jobStateEvents(), Consumed.with(Serdes.String(), serde(topics.jobStateEvents())))
                .groupByKey()
                .aggregate(() -> null, (key, event, status) -> jobs.next(status, event), cached ? store : store.withCachingDisabled());
        KStream<String, GenericRecord> changes = statuses.toStream().filter((key, status) -> GenericJobs.isChange(status));
        changes.mapValues(jobs::transition).to(topics.jobTransitions(), Produced.with(Serdes.String(), serde(topics.jobTransitions())));
        changes.filter((key, status) -> GenericJobs.isStopped(status)).mapValues(jobs::report)
                .to(topics.jobErrorReports(), Produced.with(Serdes.String(), serde(topics.jobErrorReports())));
        return builder.build();
    }

    private Schema published(String topic, Schema schema) {
        return registry.schemaById(registry.register(TopicNames.subject(topic), schema));
    }

    private GenericAvroSerde serde(String topic) {
        return new GenericAvroSerde(registry, TopicNames.subject(topic));
    }

    private static Properties properties(ContestantSettings settings) {
        Properties properties = new Properties();
        properties.putAll(settings.kafka());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.putAll(settings.properties());
        return properties;
    }

    @Override
    public void start() {
        streams.start();
    }

    @Override
    public boolean running() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public Optional<KafkaStreams> streams() {
        return Optional.of(streams);
    }

    @Override
    public void close() {
        streams.close(Duration.ofSeconds(10));
        registry.close();
    }
}
