package io.jobwatch.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.jobwatch.topic.ApplicationNames;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeding with a real cluster and a real topology. The new deployments have another number of partitions and a registry of other ids. */
class SeedIT {
    private static final int EVENTS = 600;

    @TempDir
    private static Path folder;
    private static SeedFixture deployments;

    @BeforeAll
    static void startCluster() {
        deployments = new SeedFixture(folder);
    }

    @AfterAll
    static void stopCluster() {
        deployments.close();
    }

    /** Both group protocols, and both kinds of stores. */
    @Test
    void shouldGoOnWhereTheOldTopologyStopped() {
        JobLoad load = JobLoad.of(11, EVENTS, Instant.now().minus(Duration.ofHours(1)));
        List<JobStateEvent> firstHalf = load.events().subList(0, EVENTS / 2);
        Made old = deployments.old("old");
        send(old, firstHalf);
        try (RunningTopology running = deployments.run(old, "classic", StateStore.ROCKSDB)) {
            deployments.awaitNoLag(old);
        }
        Made classic = deployments.made("classic");
        Made streams = deployments.made("streams");
        deployments.seed(old, classic, StateFrom.BOTH);
        deployments.seed(old, streams, StateFrom.BOTH);

        goOn(classic, "classic", StateStore.MEMORY, load);
        goOn(streams, "streams", StateStore.ROCKSDB, load);
    }

    /** The events of the first half come again, too, as when the cursors or the group's offsets were lost: they tell nothing new. */
    private static void goOn(Made made, String protocol, StateStore store, JobLoad load) {
        try (RunningTopology running = deployments.run(made, protocol, store)) {
            send(made, load.events());
            deployments.awaitNoLag(made);
        }
        new ToldTopics(made.side().kafka(), made.topics(), made.schemas()).assertEachChangeToldOnce(load);
    }

    @Test
    void shouldRestoreTheSameStoresFromAnyStatuses() {
        Made old = deployments.oldWithChangelogs("any");
        Map<String, JobStatus> due = new TreeMap<>();
        Map<String, JobAlert> dueAlerts = new TreeMap<>();
        String[] protocols = {"classic", "streams"};
        for (int round = 0; round < protocols.length; round++) {
            writeAnyStatuses(old, new Random(round), due, dueAlerts);
            Made made = deployments.made("round-" + round);

            deployments.seed(old, made, StateFrom.BOTH);

            try (RunningTopology running = deployments.run(made, protocols[round], StateStore.ROCKSDB)) {
                assertThat(decoded(running.store(JobTopology.STATUS_STORE), made, made.topics().jobStatus()))
                        .as("statuses by partition").isEqualTo(byPartition(due));
                assertThat(decoded(running.store("source-alerts"), made, made.topics().jobAlerts()))
                        .as("alerts by partition").isEqualTo(Map.of(0, dueAlerts));
            }
        }
    }

    /** What a process that was killed leaves behind: an open transaction, for up to 15 minutes. */
    @Test
    void shouldBeginAnewWhenItWasKilled() {
        Made old = deployments.oldWithChangelogs("before-the-kill");
        Map<String, JobStatus> due = new TreeMap<>();
        writeAnyStatuses(old, new Random(5), due, new TreeMap<>());
        Made made = deployments.made("killed");
        SeedTransaction killed = SeedTransaction.begin(made.side());
        killed.open();
        killed.send(made.record(made.topics().jobStatus(), "encoder-eu/half", due.values().iterator().next()));
        killed.ends();

        Seed.Result first = deployments.seed(old, made, StateFrom.BOTH);
        Seed.Result second = deployments.seed(old, made, StateFrom.BOTH);

        assertThat(first.already()).isFalse();
        assertThat(statuses(made)).isEqualTo(due);
        assertThat(deployments.cluster.read(new ApplicationNames("killed").statusChangelog())).hasSize(due.size());
        assertThat(second).isEqualTo(new Seed.Result(first.records(), true));
        assertThatThrownBy(() -> killed.commit("any", Map.of())).isInstanceOf(TopicException.class)
                .hasMessageContaining("another seeding of the application killed began meanwhile");
        killed.close();
    }

    @Test
    void shouldCopyReportsAsTheyAreAndWriteNoneOfThemAgain() {
        Made old = deployments.oldWithChangelogs("reporting");
        List<ProducerRecord<byte[], byte[]>> reports = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            JobErrorReport report = (JobErrorReport) FilledRecords.filled(JobErrorReport.getClassSchema());
            report.setJobId("job-" + i);
            String topic = old.topics().jobErrorReports();
            ProducerRecord<byte[], byte[]> record = old.record(topic, "encoder-eu/job-" + i, report);
            reports.add(new ProducerRecord<>(topic, null, System.currentTimeMillis() - 1_000 * i, record.key(), record.value(),
                    List.of(new RecordHeader("ce_id", ("id-" + i).getBytes(StandardCharsets.UTF_8)))));
        }
        deployments.cluster.send(reports);
        Made made = deployments.made("reports");

        deployments.seed(old, made, StateFrom.BOTH);

        String copied = made.topics().jobErrorReports();
        List<ConsumerRecord<byte[], byte[]>> found = deployments.cluster.read(copied);
        assertThat(found).hasSize(20).allSatisfy(record ->
                assertThat(record.partition()).isEqualTo(Partitions.ofKey(record.key(), SeedFixture.PARTITIONS)));
        assertThat(told(found, made.schemas().<JobErrorReport>decoder(copied))).containsExactlyInAnyOrderElementsOf(
                told(deployments.cluster.read(old.topics().jobErrorReports()),
                        old.schemas().<JobErrorReport>decoder(old.topics().jobErrorReports())));
        try (Admin admin = Answers.admin(made.side()); CommittedReader reader = new CommittedReader(made.side())) {
            Groups groups = new Groups(admin, made.side());
            assertThat(groups.behind(made.side().names().reportGroup(), copied, SeedFixture.PARTITIONS, reader)).isEmpty();
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
        Made old = deployments.old("busy");
        Made made = deployments.made("next");
        try (RunningTopology running = deployments.run(old, "streams", StateStore.MEMORY);
             Seed seed = deployments.open(old, StateFrom.BOTH)) {
            assertThatThrownBy(seed::requireReady).isInstanceOf(TopicException.class)
                    .hasMessageContaining("the application busy with the topics busy.* runs: these groups have members: busy (")
                    .hasMessageContaining("Stop every instance");
        }
        deployments.cluster.send(List.of(old.record(old.topics().jobStateEvents(), key(event), event)));
        try (Seed seed = deployments.open(old, StateFrom.BOTH)) {
            assertThatThrownBy(seed::requireReady).isInstanceOf(TopicException.class)
                    .hasMessageContaining("events wait for the topology of the old deployment (busy.job-state-events-")
                    .hasMessageContaining("run the old configuration with roles: [process]");
        }
        try (RunningTopology running = deployments.run(old, "streams", StateStore.MEMORY)) {
            deployments.awaitNoLag(old);
        }
        try (RunningTopology running = deployments.run(made, "streams", StateStore.MEMORY);
             Seed seed = deployments.open(old, StateFrom.BOTH)) {
            seed.requireReady();
            assertThatThrownBy(() -> seed.inspect(made.side(), SeedFixture.PARTITIONS)).isInstanceOf(TopicException.class)
                    .hasMessageContaining("the application next with the topics next.* runs");
        }
    }

    @Test
    void shouldRefuseADeploymentThatIsNotEmptyOrTheSame() {
        Made old = deployments.oldWithChangelogs("kept");
        writeAnyStatuses(old, new Random(6), new TreeMap<>(), new TreeMap<>());
        Made events = deployments.made("events");
        JobStateEvent event = JobEvents.event("7", JobState.QUEUED, System.currentTimeMillis());
        deployments.cluster.send(List.of(events.record(events.topics().jobStateEvents(), key(event), event)));
        Made other = deployments.made("other");
        JobStatus status = status(new StateMachine(Duration.ofDays(7)), "7", new Random(1));
        deployments.cluster.send(List.of(other.record(other.topics().jobStatus(), "encoder-eu/7", status)));

        assertThatThrownBy(() -> deployments.seed(old, events, StateFrom.BOTH)).isInstanceOf(TopicException.class)
                .hasMessageContaining("the new deployment is not empty: there are records in events.job-state-events");
        assertThatThrownBy(() -> deployments.seed(old, other, StateFrom.BOTH)).isInstanceOf(TopicException.class)
                .hasMessageContaining("not empty, and holds something else than a seeding from the old one would write now");
        assertThat(deployments.cluster.read(other.topics().jobStatus())).as("what was there, alone").hasSize(1);
        try (Seed seed = deployments.open(old, StateFrom.BOTH)) {
            assertThatThrownBy(() -> seed.inspect(old.side(), 3)).hasMessageContaining("choose another topics.prefix");
            Side sameApplication = new Side(old.application(), other.topics(), old.side().kafka(), other.side().registry());
            assertThatThrownBy(() -> seed.inspect(sameApplication, 3)).hasMessageContaining("have the same application-id, kept");
        }
    }

    /** Each of the two places that hold the statuses makes up for the loss of the other. */
    @Test
    void shouldRecoverStatusesWhoseTopicOrChangelogWasLost() throws Exception {
        Made old = deployments.oldWithChangelogs("damaged");
        Map<String, JobStatus> due = new TreeMap<>();
        writeAnyStatuses(old, new Random(7), due, new TreeMap<>());
        Made fromChangelog = deployments.made("from-changelog");
        Made fromTopic = deployments.made("from-topic");
        List<ConsumerRecord<byte[], byte[]>> statuses = deployments.cluster.read(old.topics().jobStatus());

        deployments.delete(List.of(old.topics().jobStatus(), old.topics().pollCursors()));
        assertThatThrownBy(() -> deployments.seed(old, fromChangelog, StateFrom.BOTH)).isInstanceOf(TopicException.class)
                .hasMessageContaining("damaged.job-status holds 0 statuses and the changelog of the store, "
                        + "damaged-job-status-changelog, " + due.size())
                .hasMessageContaining("--state-from changelog");
        try (Seed seed = deployments.open(old, StateFrom.CHANGELOG)) {
            assertThat(seed.missing()).containsExactly("damaged.job-status", "damaged.poll-cursors");
        }
        deployments.seed(old, fromChangelog, StateFrom.CHANGELOG);
        assertThat(statuses(fromChangelog)).isEqualTo(due);
        assertThat(deployments.cluster.read(fromChangelog.topics().jobStatus())).allSatisfy(record -> {
            JobStatus status = fromChangelog.schemas().<JobStatus>decoder(fromChangelog.topics().jobStatus()).decode(record.value());
            assertThat(header(record, "ce_id")).startsWith("encoder-eu/").endsWith("#JobStatus."
                    + status.getFirstSeenAt().toEpochMilli() + "." + status.getSequence() + "@" + status.getObservedAt().toEpochMilli());
        });

        deployments.old("damaged");   // sets the topics up
        deployments.cluster.send(statuses.stream().map(record -> new ProducerRecord<>(record.topic(), record.key(), record.value()))
                .toList());
        deployments.delete(new ApplicationNames(old.application()).changelogs());
        assertThatThrownBy(() -> deployments.seed(old, fromTopic, StateFrom.BOTH)).hasMessageContaining("--state-from topic");
        deployments.seed(old, fromTopic, StateFrom.TOPIC);
        assertThat(statuses(fromTopic)).isEqualTo(due);
    }

    private static Map<String, JobStatus> statuses(Made made) {
        AvroDecoder<JobStatus> decoder = made.schemas().decoder(made.topics().jobStatus());
        Map<String, JobStatus> result = new TreeMap<>();
        deployments.cluster.read(made.topics().jobStatus()).forEach(record ->
                assertThat(result.put(new String(record.key(), StandardCharsets.UTF_8), decoder.decode(record.value()))).isNull());
        return result;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** Updates and tombstones too, in several transactions, one of them aborted. */
    private static void writeAnyStatuses(Made old, Random random, Map<String, JobStatus> latest, Map<String, JobAlert> alerts) {
        StateMachine machine = new StateMachine(Duration.ofDays(7));
        for (int part = 0; part < 4; part++) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            Map<String, JobStatus> written = new HashMap<>(latest);
            for (int i = 0; i < 100; i++) {
                String id = "jöb/" + random.nextInt(80);
                String key = new JobKey(JobEvents.SOURCE, id).toString();
                JobStatus status = random.nextInt(5) == 0 ? null : status(machine, id, random);
                records.add(old.record(old.topics().jobStatus(), key, status));
                records.add(new ProducerRecord<>(old.side().names().statusChangelog(), key.getBytes(StandardCharsets.UTF_8),
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
                    old.record(old.topics().jobAlerts(), source, alert);
            records.add(new ProducerRecord<>(old.side().names().sourceAlertsChangelog(), 0, encoded.key(), encoded.value()));
            deployments.cluster.begin(records);
            if (part == 2) {
                deployments.cluster.abort();
            } else {
                deployments.cluster.commit();
                latest.clear();
                latest.putAll(written);
                alerts.put(source, alert);
            }
        }
    }

    private static JobStatus status(StateMachine machine, String id, Random random) {
        List<JobState> live = List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING);
        long observedAt = System.currentTimeMillis() - random.nextInt(9_999);
        JobStateEvent event = JobEvents.event(id, live.get(random.nextInt(live.size())), observedAt);
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

    private static void send(Made to, List<JobStateEvent> events) {
        deployments.cluster.send(events.stream().map(event -> to.record(to.topics().jobStateEvents(), key(event), event)).toList());
    }

    private static String key(JobStateEvent event) {
        return new JobKey(event.getSource(), event.getJobId()).toString();
    }
}
