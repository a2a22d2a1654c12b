package io.jobwatch.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
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
import io.jobwatch.topic.TestTopics;
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
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
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
        deployments.topics.send(firstHalf.stream().map(event -> deployments.topics.record(
                deployments.old.topics().jobStateEvents(), key(event), event)).toList());
        try (RunningTopology running = deployments.runOld("classic")) {
            awaitNoLag(deployments.old);
        }
        Made classic = deployments.made("classic");
        Made streams = deployments.made("streams");
        deployments.seed(classic, StateFrom.BOTH);
        deployments.seed(streams, StateFrom.BOTH);

        goOn(classic, "classic", StateStore.MEMORY, load);
        goOn(streams, "streams", StateStore.ROCKSDB, load);
    }

    /** The events of the first half come again, too, as when the cursors or the group's offsets were lost: they tell nothing new. */
    private void goOn(Made made, String protocol, StateStore store, JobLoad load) {
        try (RunningTopology running = deployments.run(made, protocol, store)) {
            deployments.topics.send(load.events().stream().map(event -> deployments.record(made, made.side().topics().jobStateEvents(),
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

    /** What a process that was killed leaves behind: an open transaction, for up to 15 minutes. */
    @Test
    void shouldBeginAnewWhenItWasKilled() {
        deployments.makeChangelogs();
        Map<String, JobStatus> due = new TreeMap<>();
        writeAnyStatuses(new Random(5), due, new TreeMap<>());
        Made made = deployments.made("killed");
        SeedTransaction killed = SeedTransaction.begin(made.side());
        killed.open();
        killed.send(deployments.record(made, made.side().topics().jobStatus(), "encoder-eu/half", due.values().iterator().next()));
        killed.ends();

        Seed.Result first = deployments.seed(made, StateFrom.BOTH);
        Seed.Result second = deployments.seed(made, StateFrom.BOTH);

        assertThat(first.already()).isFalse();
        assertThat(statuses(made)).isEqualTo(due);
        assertThat(deployments.topics.read(JobTopology.statusChangelog("killed"))).hasSize(due.size());
        assertThat(second).isEqualTo(new Seed.Result(first.records(), true));
        assertThatThrownBy(() -> killed.commit("any", Map.of())).isInstanceOf(TopicException.class)
                .hasMessageContaining("another seeding of the application killed began meanwhile");
        killed.close();
    }

    @Test
    void shouldCopyReportsAsTheyAreAndWriteNoneOfThemAgain() {
        deployments.makeChangelogs();
        List<ProducerRecord<byte[], byte[]>> reports = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            JobErrorReport report = (JobErrorReport) FilledRecords.filled(JobErrorReport.getClassSchema());
            report.setJobId("job-" + i);
            String topic = deployments.old.topics().jobErrorReports();
            ProducerRecord<byte[], byte[]> record = deployments.topics.record(topic, "encoder-eu/job-" + i, report);
            reports.add(new ProducerRecord<>(topic, null, System.currentTimeMillis() - 1_000 * i, record.key(), record.value(),
                    List.of(new RecordHeader("ce_id", ("id-" + i).getBytes(StandardCharsets.UTF_8)))));
        }
        deployments.topics.send(reports);
        Made made = deployments.made("reports");

        deployments.seed(made, StateFrom.BOTH);

        String copied = made.side().topics().jobErrorReports();
        List<ConsumerRecord<byte[], byte[]>> found = deployments.topics.read(copied);
        assertThat(found).hasSize(20).allSatisfy(record ->
                assertThat(record.partition()).isEqualTo(Partitions.ofKey(record.key(), SeedFixture.PARTITIONS)));
        assertThat(told(found, made.schemas().<JobErrorReport>decoder(copied))).containsExactlyInAnyOrderElementsOf(
                told(deployments.topics.read(deployments.old.topics().jobErrorReports()),
                        deployments.topics.schemas().<JobErrorReport>decoder(deployments.old.topics().jobErrorReports())));
        try (Admin admin = Answers.admin(made.side()); CommittedReader reader = new CommittedReader(made.side())) {
            Groups groups = new Groups(admin, made.side());
            assertThat(groups.behind(made.side().reportGroup(), copied, SeedFixture.PARTITIONS, reader)).isEmpty();
            assertThat(groups.behind("another group", copied, SeedFixture.PARTITIONS, reader)).contains(copied + "-0 from offset 0");
        }
    }

    private static List<String> told(List<ConsumerRecord<byte[], byte[]>> records, AvroDecoder<?> decoder) {
        return records.stream().map(record -> record.timestamp() + " " + new String(record.headers().lastHeader("ce_id").value(),
                StandardCharsets.UTF_8) + " " + decoder.decode(record.value())).toList();
    }

    @Test
    void shouldRefuseWhatIsNotAtRest() {
        JobStateEvent event = JobEvents.event("7", JobState.QUEUED, System.currentTimeMillis());
        Made made = deployments.made("next");
        try (RunningTopology running = deployments.runOld("streams"); Seed seed = seed()) {
            assertThatThrownBy(seed::requireReady).isInstanceOf(TopicException.class)
                    .hasMessageContaining("the application jobwatch with the topics jobwatch.* runs: these groups have members: jobwatch (")
                    .hasMessageContaining("Stop every instance");
        }
        deployments.topics.send(List.of(deployments.topics.record(deployments.old.topics().jobStateEvents(), key(event), event)));
        try (Seed seed = seed()) {
            assertThatThrownBy(seed::requireReady).isInstanceOf(TopicException.class)
                    .hasMessageContaining("events wait for the topology of the old deployment (jobwatch.job-state-events-")
                    .hasMessageContaining("run the old configuration with roles: [process]");
        }
        try (RunningTopology running = deployments.runOld("streams")) {
            awaitNoLag(deployments.old);
        }
        try (RunningTopology running = deployments.run(made, "streams", StateStore.MEMORY); Seed seed = seed()) {
            seed.requireReady();
            assertThatThrownBy(() -> seed.inspect(made.side(), SeedFixture.PARTITIONS)).isInstanceOf(TopicException.class)
                    .hasMessageContaining("the application next with the topics next.* runs");
        }
    }

    @Test
    void shouldRefuseADeploymentThatIsNotEmptyOrTheSame() {
        deployments.makeChangelogs();
        writeAnyStatuses(new Random(6), new TreeMap<>(), new TreeMap<>());
        Made events = deployments.made("events");
        JobStateEvent event = JobEvents.event("7", JobState.QUEUED, System.currentTimeMillis());
        deployments.topics.send(List.of(deployments.record(events, events.side().topics().jobStateEvents(), key(event), event)));
        Made other = deployments.made("other");
        JobStatus status = status(new StateMachine(Duration.ofDays(7)), "7", new Random(1));
        deployments.topics.send(List.of(deployments.record(other, other.side().topics().jobStatus(), "encoder-eu/7", status)));

        assertThatThrownBy(() -> deployments.seed(events, StateFrom.BOTH)).isInstanceOf(TopicException.class)
                .hasMessageContaining("the new deployment is not empty: there are records in events.job-state-events");
        assertThatThrownBy(() -> deployments.seed(other, StateFrom.BOTH)).isInstanceOf(TopicException.class)
                .hasMessageContaining("not empty, and holds something else than a seeding from the old one would write now");
        assertThat(deployments.topics.read(other.side().topics().jobStatus())).as("what was there, alone").hasSize(1);
        try (Seed seed = seed()) {
            assertThatThrownBy(() -> seed.inspect(deployments.old, 3)).hasMessageContaining("choose another topics.prefix");
            Side sameApplication = new Side("jobwatch", other.side().topics(), deployments.old.kafka(), other.side().registry());
            assertThatThrownBy(() -> seed.inspect(sameApplication, 3)).hasMessageContaining("have the same application-id, jobwatch");
        }
    }

    /** Each of the two places that hold the statuses makes up for the loss of the other. */
    @Test
    void shouldRecoverStatusesWhoseTopicOrChangelogWasLost() throws Exception {
        deployments.makeChangelogs();
        Map<String, JobStatus> due = new TreeMap<>();
        writeAnyStatuses(new Random(7), due, new TreeMap<>());
        Made fromChangelog = deployments.made("from-changelog");
        Made fromTopic = deployments.made("from-topic");
        List<ConsumerRecord<byte[], byte[]>> statuses = deployments.topics.read(deployments.old.topics().jobStatus());

        deployments.topics.recreate(deployments.old.topics().jobStatus());
        assertThatThrownBy(() -> deployments.seed(fromChangelog, StateFrom.BOTH)).isInstanceOf(TopicException.class)
                .hasMessageContaining("jobwatch.job-status holds 0 statuses and the changelog of the store, "
                        + "jobwatch-job-status-changelog, " + due.size())
                .hasMessageContaining("--state-from changelog");
        deployments.seed(fromChangelog, StateFrom.CHANGELOG);
        assertThat(statuses(fromChangelog)).isEqualTo(due);
        assertThat(deployments.topics.read(fromChangelog.side().topics().jobStatus())).allSatisfy(record -> {
            JobStatus status = fromChangelog.schemas().<JobStatus>decoder(fromChangelog.side().topics().jobStatus()).decode(record.value());
            assertThat(header(record, "ce_id")).startsWith("encoder-eu/").endsWith("#JobStatus."
                    + status.getFirstSeenAt().toEpochMilli() + "." + status.getSequence() + "@" + status.getObservedAt().toEpochMilli());
        });

        deployments.topics.send(statuses.stream().map(record -> new ProducerRecord<>(record.topic(), record.key(), record.value()))
                .toList());
        deployments.topics.admin().deleteTopics(JobTopology.changelogs("jobwatch")).all().get(20, TimeUnit.SECONDS);
        await().atMost(SOON).untilAsserted(() -> assertThatThrownBy(() -> deployments.seed(fromTopic, StateFrom.BOTH))
                .hasMessageContaining("--state-from topic"));
        deployments.seed(fromTopic, StateFrom.TOPIC);
        assertThat(statuses(fromTopic)).isEqualTo(due);
    }

    private Seed seed() {
        return new Seed(deployments.old, StateFrom.BOTH, SeedFixture.ALL, SeedFixture.SILENT);
    }

    private Map<String, JobStatus> statuses(Made made) {
        AvroDecoder<JobStatus> decoder = made.schemas().decoder(made.side().topics().jobStatus());
        Map<String, JobStatus> result = new TreeMap<>();
        deployments.topics.read(made.side().topics().jobStatus()).forEach(record ->
                assertThat(result.put(new String(record.key(), StandardCharsets.UTF_8), decoder.decode(record.value()))).isNull());
        return result;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
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
        AvroDecoder<EventRecord> decoder = made.schemas().decoder(type);
        Map<Integer, Map<String, Object>> result = new TreeMap<>();
        store.forEach((partition, entries) -> entries.forEach((key, value) -> result.computeIfAbsent(partition, none -> new TreeMap<>())
                .put(new String(key.get(), StandardCharsets.UTF_8), decoder.decode(value))));
        return result;
    }

    private void awaitNoLag(Side side) {
        await().atMost(SOON).ignoreExceptionsInstanceOf(TopicException.class).until(() -> {
            try (CommittedReader reader = new CommittedReader(side)) {
                int count = side == deployments.old ? TestTopics.PARTITIONS : SeedFixture.PARTITIONS;
                return new Groups(deployments.topics.admin(), side)
                        .behind(side.processGroup(), side.topics().jobStateEvents(), count, reader).isEmpty();
            }
        });
    }

    private static String key(JobStateEvent event) {
        return new JobKey(event.getSource(), event.getJobId()).toString();
    }
}
