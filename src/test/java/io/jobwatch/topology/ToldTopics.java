package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.Task;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.JobLoad;
import io.jobwatch.job.JobLoad.Change;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a reader of committed records finds in the topics of the topology, held against what has to be told. */
public final class ToldTopics {
    private static final Logger LOG = LoggerFactory.getLogger(ToldTopics.class);

    private final Map<String, Object> kafka;
    private final TopicNames topics;
    private final TopicSchemas schemas;

    public ToldTopics(Map<String, Object> kafka, TopicNames topics, TopicSchemas schemas) {
        this.kafka = kafka;
        this.topics = topics;
        this.schemas = schemas;
    }

    /** What a report tells. */
    private record Stop(int attempt, JobState state, JobState previousState, Instant observedAt, List<Task> tasks) {
    }

    /** What the last status tells of the last change. */
    private record Latest(long sequence, int attempt, JobState state, JobState previousState, Instant changedAt) {
    }

    public void assertEachChangeToldOnce(JobLoad load) {
        assertThat(read(topics.deadLetters())).isEmpty();
        assertTransitions(load);
        assertReports(load);
        assertStatuses(load);
    }

    private void assertTransitions(JobLoad load) {
        Map<String, List<Change>> told = new TreeMap<>();
        this.<JobTransition>byJob(topics.jobTransitions()).forEach((job, transitions) -> told.put(job, transitions.stream()
                .map(t -> new Change(t.getSequence(), t.getKind(), t.getAttempt(), t.getPreviousState(), t.getCurrentState(),
                        t.getSkippedStates(), t.getObservedAt())).toList()));
        assertSame(topics.jobTransitions(), told, load.changes());
        LOG.info("{} transitions", told.values().stream().mapToInt(List::size).sum());
    }

    private void assertReports(JobLoad load) {
        Map<String, List<Stop>> due = new TreeMap<>();
        load.changes().forEach((job, changes) -> {
            List<Stop> stops = changes.stream().filter(Change::isStop).map(change -> new Stop(change.attempt(), change.to(), change.from(),
                    change.observedAt(), JobLoad.tasks(change.to()))).toList();
            if (!stops.isEmpty()) {
                due.put(job, stops);
            }
        });
        Map<String, List<Stop>> told = new TreeMap<>();
        this.<JobErrorReport>byJob(topics.jobErrorReports()).forEach((job, reports) -> told.put(job, reports.stream()
                .map(r -> new Stop(r.getAttempt(), r.getState(), r.getPreviousState(), r.getObservedAt(), r.getTasks())).toList()));
        assertSame(topics.jobErrorReports(), told, due);
        LOG.info("{} reports", told.values().stream().mapToInt(List::size).sum());
    }

    private void assertStatuses(JobLoad load) {
        Map<String, List<Latest>> due = new TreeMap<>();
        load.changes().forEach((job, changes) -> {
            Change last = changes.get(changes.size() - 1);
            due.put(job, List.of(new Latest(last.sequence(), last.attempt(), last.to(), last.from(), last.observedAt())));
        });
        Map<String, List<Latest>> told = new TreeMap<>();
        this.<JobStatus>byJob(topics.jobStatus()).forEach((job, statuses) -> {
            assertThat(statuses).as(job).extracting(JobStatus::getSequence).isSorted();
            assertThat(statuses).as(job).extracting(JobStatus::getObservedAt).isSorted();
            JobStatus last = statuses.get(statuses.size() - 1);
            told.put(job, List.of(new Latest(last.getSequence(), last.getAttempt(), last.getState(), last.getPreviousState(),
                    last.getChangedAt())));
        });
        assertSame(topics.jobStatus(), told, due);
    }

    /** Names some jobs only: a difference may be in all of them. */
    private static <T> void assertSame(String topic, Map<String, List<T>> told, Map<String, List<T>> due) {
        Set<String> jobs = new TreeSet<>(due.keySet());
        jobs.addAll(told.keySet());
        assertThat(jobs.stream().filter(job -> !Objects.equals(told.get(job), due.get(job)))
                .map(job -> "%n%s: told %s%n  due %s".formatted(job, told.get(job), due.get(job))).limit(5)).as(topic).isEmpty();
    }

    private <T extends EventRecord> Map<String, List<T>> byJob(String topic) {
        AvroDecoder<T> decoder = schemas.decoder(topic);
        Map<String, List<T>> result = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
            JobKey key = JobKey.parse(new String(record.key(), StandardCharsets.UTF_8)).orElseThrow();
            assertThat(key.source()).isEqualTo(JobEvents.SOURCE);
            result.computeIfAbsent(key.jobId(), id -> new ArrayList<>()).add(decoder.decode(record.value()));
        }
        return result;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                     new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> result = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(result::add);
            }
            return result;
        }
    }
}
