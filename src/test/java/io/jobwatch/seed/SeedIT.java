package io.jobwatch.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.JobLoad;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.FilledRecords;
import io.jobwatch.seed.SeedFixture.Made;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.Partitions;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topology.JobTopology;
import io.jobwatch.topology.RunningTopology;
import io.jobwatch.topology.ToldTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeding with a real cluster and a real topology. The new deployments have another number of partitions and a registry of other ids. */
class SeedIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int EVENTS = 600;

    @TempDir
    private Path folder;
    private SeedFixture deployments;

    @BeforeEach
    void startCluster() {
        deployments = new SeedFixture(folder);
    }

    @AfterEach
    void stopCluster() {
        deployments.close();
    }

    /** Both group protocols, and both kinds of stores. */
    @Test
    void shouldGoOnWhereTheOldTopologyStopped() {
        JobLoad load = JobLoad.of(11, EVENTS, Instant.now().minus(Duration.ofHours(1)));
        List<JobStateEvent> firstHalf = load.events().subList(0, EVENTS / 2);
        List<JobStateEvent> secondHalf = load.events().subList(EVENTS / 2, EVENTS);
        deployments.topics.send(firstHalf.stream().map(event -> deployments.topics.record(
                deployments.old.topics().jobStateEvents(), key(event), event)).toList());
        try (RunningTopology running = deployments.runOld("classic")) {
            awaitNoLag(deployments.old);
        }
        Made classic = deployments.made("classic");
        Made streams = deployments.made("streams");
        deployments.seed(classic, StateFrom.BOTH);
        deployments.seed(streams, StateFrom.BOTH);

        goOn(classic, "classic", StateStore.MEMORY, load, secondHalf);
        goOn(streams, "streams", StateStore.ROCKSDB, load, secondHalf);
    }

    private void goOn(Made made, String protocol, StateStore store, JobLoad load, List<JobStateEvent> events) {
        try (RunningTopology running = deployments.run(made, protocol, store)) {
            deployments.topics.send(events.stream().map(event -> deployments.record(made, made.side().topics().jobStateEvents(),
                    key(event), event)).toList());
            awaitNoLag(made.side());
        }
        new ToldTopics(made.side().kafka(), made.side().topics(), made.schemas()).assertEachChangeToldOnce(load);
    }

    @Test
    void shouldRestoreTheSameStoresFromAnyStatuses() {
        deployments.makeChangelogs();
        Map<String, JobStatus> due = new TreeMap<>();
        Map<String, JobAlert> dueAlerts = new TreeMap<>();
        String[] protocols = {"classic", "streams"};
        for (int round = 0; round < protocols.length; round++) {
            writeAnyStatuses(new Random(round), due, dueAlerts);
            Made made = deployments.made("round-" + round);

            deployments.seed(made, StateFrom.BOTH);

            try (RunningTopology running = deployments.run(made, protocols[round], StateStore.ROCKSDB)) {
                assertThat(decoded(running.store(JobTopology.STATUS_STORE), made, made.side().topics().jobStatus()))
                        .as("statuses by partition").isEqualTo(byPartition(due));
                assertThat(decoded(running.store("source-alerts"), made, made.side().topics().jobAlerts()))
                        .as("alerts by partition").isEqualTo(Map.of(0, dueAlerts));
            }
        }
    }

    /** Updates and tombstones too, in several transactions, one of them aborted. */
    private void writeAnyStatuses(Random random, Map<String, JobStatus> latest, Map<String, JobAlert> alerts) {
        StateMachine machine = new StateMachine(Duration.ofDays(7));
        for (int part = 0; part < 4; part++) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            Map<String, JobStatus> written = new HashMap<>(latest);
            for (int i = 0; i < 100; i++) {
                String id = "jöb/" + random.nextInt(80);
                String key = new JobKey(JobEvents.SOURCE, id).toString();
                JobStatus status = random.nextInt(5) == 0 ? null : status(machine, id, random);
                records.add(deployments.topics.record(deployments.old.topics().jobStatus(), key, status));
                records.add(new ProducerRecord<>(JobTopology.statusChangelog("jobwatch"), key.getBytes(StandardCharsets.UTF_8),
                        records.get(records.size() - 1).value()));
                if (status == null) {
                    written.remove(key);
                } else {
                    written.put(key, status);
                }
            }
            String source = "source-" + part;
            JobAlert alert = (JobAlert) FilledRecords.filled(JobAlert.getClassSchema());
            alert.setSource(source);
            ProducerRecord<byte[], byte[]> encoded =
                    deployments.topics.record(deployments.old.topics().jobAlerts(), source, alert);
            records.add(new ProducerRecord<>(JobTopology.sourceAlertsChangelog("jobwatch"), 0, encoded.key(), encoded.value()));
            deployments.topics.begin(records);
            if (part == 2) {
                deployments.topics.abort();
            } else {
                deployments.topics.commit();
                latest.clear();
                latest.putAll(written);
                alerts.put(source, alert);
            }
        }
    }

    private static JobStatus status(StateMachine machine, String id, Random random) {
        List<JobState> live = List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING);
        JobStateEvent event = JobEvents.event(id, live.get(random.nextInt(live.size())), System.currentTimeMillis() - random.nextInt(9_999));
        return ((Outcome.Changed) machine.apply(null, event)).status();
    }

    private static Map<Integer, Map<String, JobStatus>> byPartition(Map<String, JobStatus> statuses) {
        Map<Integer, Map<String, JobStatus>> result = new TreeMap<>();
        statuses.forEach((key, status) -> result.computeIfAbsent(Partitions.ofKey(key.getBytes(StandardCharsets.UTF_8),
                SeedFixture.PARTITIONS), none -> new TreeMap<>()).put(key, status));
        return result;
    }

    private static Map<Integer, Map<String, Object>> decoded(Map<Integer, Map<Bytes, byte[]>> store, Made made, String type) {
        AvroDecoder<?> decoder = made.schemas().decoder(type);
        Map<Integer, Map<String, Object>> result = new TreeMap<>();
        store.forEach((partition, entries) -> entries.forEach((key, value) -> result.computeIfAbsent(partition, none -> new TreeMap<>())
                .put(new String(key.get(), StandardCharsets.UTF_8), decoder.decode(value))));
        return result;
    }

    private void awaitNoLag(Side side) {
        await().atMost(SOON).ignoreExceptionsInstanceOf(TopicException.class).until(() -> {
            try (CommittedReader reader = new CommittedReader(side)) {
                int count = side == deployments.old ? io.jobwatch.topic.TestTopics.PARTITIONS : SeedFixture.PARTITIONS;
                return new Groups(deployments.topics.admin(), side)
                        .behind(side.processGroup(), side.topics().jobStateEvents(), count, reader).isEmpty();
            }
        });
    }

    private static String key(JobStateEvent event) {
        return new JobKey(event.getSource(), event.getJobId()).toString();
    }
}
