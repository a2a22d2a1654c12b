package io.jobwatch.poll;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.PollCursor;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Pollers of one application over services that a test plays, and what they wrote. */
final class PollerFixture {
    private final TestTopics topics;
    private final String application;
    private final Map<String, SourceConfig> sources = new LinkedHashMap<>();
    private final Map<String, ScriptedSource> services = new ConcurrentHashMap<>();

    PollerFixture(TestTopics topics, String application) {
        this.topics = topics;
        this.application = application;
    }

    /** Adds a source that is polled often. */
    ScriptedSource source(String name) {
        return source(name, Duration.ofMillis(50));
    }

    ScriptedSource source(String name, Duration interval) {
        sources.put(name, Sources.source(name, new StartFrom.All(), interval, Duration.ofSeconds(60)));
        return services.computeIfAbsent(name, same -> new ScriptedSource());
    }

    Poller poller(String owner) {
        return poller(owner, Clock.systemUTC());
    }

    Poller poller(String owner, Clock clock) {
        return new Poller(List.copyOf(sources.values()), source -> services.get(source.name()), topics.kafkaProps(), application, owner,
                topics.names(), TestTopics.PARTITIONS, topics.schemas(), new PollMetrics(new SimpleMeterRegistry()), clock);
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

    private <T extends SpecificRecord> List<T> read(String topic, String keyPrefix) {
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
