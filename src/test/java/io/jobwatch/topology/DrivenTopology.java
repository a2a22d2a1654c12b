package io.jobwatch.topology;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.config.ProcessConfig;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The topology with the settings that it runs with, driven record by record without a broker. */
final class DrivenTopology implements AutoCloseable {
    static final TopicNames TOPICS = new TopicNames("jobwatch.");
    /** Where the clock stands, if a test does not say otherwise. */
    static final Instant START = Instant.parse("2027-01-01T00:00:00Z");

    final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final TopologyTestDriver driver;
    private final TopicSchemas schemas;

    /** What the topology hears of its sources; nothing at first. */
    final HeardLooks looks = new HeardLooks();
    /** Whether events wait to be processed. */
    boolean behind;
    /** What each look at the steady clock takes. */
    Duration pace = Duration.ZERO;
    private long nanos;

    DrivenTopology(StateStore store, Path stateDir) {
        this(store, stateDir, new StateMachine(Duration.ofDays(7)));
    }

    DrivenTopology(StateStore store, Path stateDir, StateMachine machine) {
        this(store, stateDir, machine, Map.of(), START);
    }

    /** @param start of the wall clock; records have times of their own */
    DrivenTopology(StateStore store, Path stateDir, StateMachine machine, Map<JobState, Duration> stuckAfter, Instant start) {
        schemas = TopicSchemas.register(registry, TopicSpec.all(TOPICS, 3));
        ProcessConfig config = new ProcessConfig(store, 0, stuckAfter, Duration.ofMinutes(5), Duration.ofDays(7), Map.of());
        JobTopology topology = new JobTopology(TOPICS, schemas, machine, new EventHeaders("test"), new TopologyMetrics(meters), config,
                looks, partition -> !behind);
        driver = new TopologyTestDriver(topology.build(() -> nanos += pace.toNanos()), TopologyRunner.settings("test",
                Map.of("bootstrap.servers", "unused:1"), config, stateDir, TOPICS.deadLetters()), start);
    }

    /** Lets time pass, as it is seen by what goes by the clock. */
    void advance(Duration time) {
        driver.advanceWallClockTime(time);
    }

    List<JobAlert> alerts() {
        return decoded(TOPICS.jobAlerts());
    }

    byte[] encoded(JobStateEvent event) {
        return schemas.<JobStateEvent>encoder(TOPICS.jobStateEvents()).encode(event);
    }

    void pipe(JobStateEvent event, Header... headers) {
        pipe(key(event), encoded(event), headers);
    }

    void pipe(byte[] key, byte[] value, Header... headers) {
        TestRecord<byte[], byte[]> input = new TestRecord<>(key, value);
        for (Header header : headers) {
            input.headers().add(header);
        }
        driver.createInputTopic(TOPICS.jobStateEvents(), new ByteArraySerializer(), new ByteArraySerializer()).pipeInput(input);
    }

    /** {@return what came since it was last asked for} */
    List<TestRecord<byte[], byte[]>> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer()).readRecordsToList();
    }

    List<JobTransition> transitions() {
        return decoded(TOPICS.jobTransitions());
    }

    List<JobErrorReport> reports() {
        return decoded(TOPICS.jobErrorReports());
    }

    List<JobStatus> statuses() {
        return decoded(TOPICS.jobStatus());
    }

    private <T extends EventRecord> List<T> decoded(String topic) {
        return output(topic).stream().filter(record -> record.value() != null)
                .map(record -> schemas.<T>decoder(topic).decode(record.value())).toList();
    }

    KeyValueStore<Bytes, byte[]> store() {
        return driver.getKeyValueStore(JobTopology.STATUS_STORE);
    }

    double count(String counter, String... tags) {
        return meters.find(counter).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
    }

    static byte[] key(JobStateEvent event) {
        return new JobKey(event.getSource(), event.getJobId()).bytes();
    }

    static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
    }
}
