package io.jobwatch.poll;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.PollCursor;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.source.JobSource;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Pollers of one application over services that a test plays, and what they wrote. */
final class PollerFixture {
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TestTopics topics;
    private final String application;
    private final Map<String, SourceConfig> sources = new LinkedHashMap<>();
    private final Map<String, ScriptedSource> services = new ConcurrentHashMap<>();
    private final Map<String, Function<SourceConfig, JobSource>> factories = new HashMap<>();
    private final Map<String, Object> settings = new HashMap<>();

    PollerFixture(TestTopics topics, String application) {
        this.topics = topics;
        this.application = application;
    }

    /** Sets something for the Kafka clients of the pollers made from now on. */
    void set(String name, Object value) {
        settings.put(name, value);
    }

    /** Adds a source that is polled often. */
    ScriptedSource source(String name) {
        return source(name, Duration.ofMillis(50));
    }

    ScriptedSource source(String name, Duration interval) {
        sources.put(name, Sources.source(name, new StartFrom.All(), interval, Duration.ofSeconds(60)));
        return services.computeIfAbsent(name, same -> new ScriptedSource());
    }

    /** Adds a source whose service is reached as in real life, or however the test likes. */
    void source(SourceConfig config, Function<SourceConfig, JobSource> factory) {
        sources.put(config.name(), config);
        factories.put(config.name(), factory);
    }

    Poller poller(String owner) {
        return poller(owner, Clock.systemUTC());
    }

    Poller poller(String owner, Clock clock) {
        Map<String, Object> kafka = new HashMap<>(topics.kafkaProps());
        kafka.putAll(settings);
        return new Poller(List.copyOf(sources.values()), this::open, kafka, application, owner,
                topics.names(), TestTopics.PARTITIONS, topics.schemas(), new PollMetrics(meters), clock);
    }

    private JobSource open(SourceConfig source) {
        Function<SourceConfig, JobSource> factory = factories.get(source.name());
        return factory == null ? services.get(source.name()) : factory.apply(source);
    }

    /** {@return the published names of each job of each source whose name begins so, in order} */
    Map<String, Map<String, List<String>>> namesBySource(String sourcePrefix) {
        Map<String, Map<String, List<String>>> names = new LinkedHashMap<>();
        this.<JobStateEvent>read(topics.names().jobStateEvents(), sourcePrefix).forEach(event -> names
                .computeIfAbsent(event.getSource(), source -> new LinkedHashMap<>())
                .computeIfAbsent(event.getJobId(), id -> new ArrayList<>()).add(event.getJobName()));
        return names;
    }

    /** {@return the published events of a source, in the order of each job} */
    List<JobStateEvent> events(String source) {
        return read(topics.names().jobStateEvents(), source + "/");
    }

    /** {@return the published names of each job of a source, in order} */
    Map<String, List<String>> names(String source) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        events(source).forEach(event -> names.computeIfAbsent(event.getJobId(), id -> new ArrayList<>()).add(event.getJobName()));
        return names;
    }

    /** {@return the last published name by source, for sources with one job} */
    Map<String, String> lastNames(String sourcePrefix) {
        return this.<JobStateEvent>read(topics.names().jobStateEvents(), sourcePrefix).stream()
                .collect(Collectors.toMap(JobStateEvent::getSource, JobStateEvent::getJobName, (earlier, later) -> later));
    }

    /** {@return the last known owner by source} */
    Map<String, String> owners(String sourcePrefix) {
        return statuses(sourcePrefix).stream()
                .collect(Collectors.toMap(SourceStatus::getSource, SourceStatus::getOwner, (earlier, later) -> later));
    }

    List<SourceStatus> statuses(String source) {
        return read(topics.names().sourceStatus(), source);
    }

    Optional<SourceStatus> status(String source) {
        List<SourceStatus> all = statuses(source);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    List<PollCursor> cursors(String source) {
        return read(topics.names().pollCursors(), source);
    }

    private <T extends EventRecord> List<T> read(String topic, String keyPrefix) {
        AvroDecoder<T> decoder = topics.schemas().decoder(topic);
        List<T> result = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : topics.read(topic)) {
            if (new String(record.key(), StandardCharsets.UTF_8).startsWith(keyPrefix) && record.value() != null) {
                result.add(decoder.decode(record.value()));
            }
        }
        return result;
    }

    /** {@return whether any thread of this application's pollers is left} */
    boolean threadsLeft() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .anyMatch(name -> name.contains(application) || sources.keySet().stream().anyMatch(name::endsWith));
    }
}
