package io.jobwatch.cli.doctor;

import static io.jobwatch.cli.doctor.Findings.kinds;
import static io.jobwatch.cli.doctor.Findings.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.TopicSchemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the topics and the registry say of sources, alerts, dead letters and schemas, on a real broker and registry. */
class EventFindingsIT {
    private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(AT);
    private static final String SOURCE = "  - {name: %s, type: ams-v2, url: \"http://127.0.0.1:9/api\", account: contoso, "
            + "auth: {type: none}}\n";

    @TempDir
    private static Path folder;
    private static DoctorCluster brokers;

    @BeforeAll
    static void start() throws Exception {
        brokers = DoctorCluster.start(folder, 1);
    }

    @AfterAll
    static void stop() {
        brokers.close();
    }

    @Test
    void shouldFindWhatIsWrongWithSources() throws Exception {
        StringBuilder sources = new StringBuilder("sources:\n");
        List.of("fine", "failing", "silent", "never", "fresh", "late", "items", "ahead")
                .forEach(name -> sources.append(SOURCE.formatted(name)));
        Deployment deployment = brokers.setUp(brokers.deployment("sources", sources.toString()));
        Map<String, SourceStatus> told = new LinkedHashMap<>();
        told.put("fine", status("fine", 10));
        SourceStatus failing = status("failing", 5);
        failing.setFailuresInRow(7);
        failing.setFailure("HTTP 503: \u001b[31mno");
        failing.setLastSuccessAt(AT.minusSeconds(600));
        told.put("failing", failing);
        told.put("silent", status("silent", 900));
        SourceStatus fresh = status("fresh", 5);
        fresh.setLastSuccessAt(null);
        told.put("fresh", fresh);
        SourceStatus late = status("late", 5);
        late.setLastSuccessAt(AT.minusSeconds(300));
        told.put("late", late);
        SourceStatus items = status("items", 5);
        items.setBadItems(3);
        told.put("items", items);
        told.put("ahead", status("ahead", -60));
        told.put("removed", status("removed", 900));
        told.put("forgotten", status("forgotten", 900));
        brokers.send(deployment, "sources.source-status", told);
        Map<String, SourceStatus> ended = new HashMap<>();
        ended.put("forgotten", null);
        brokers.send(deployment, "sources.source-status", ended);

        Result result = new SourcesExamination(deployment, CLOCK).examine();

        assertThat(result.findings()).extracting(finding -> finding.severity() + " " + finding.ailment().word() + " " + finding.subject())
                .containsExactlyInAnyOrder("FAIL source-failing failing", "FAIL source-not-polled silent", "FAIL source-never-polled never",
                        "WARN source-never-polled fresh", "FAIL source-not-polled late", "WARN source-bad-items items",
                        "WARN clock-ahead ahead", "WARN source-removed removed");
        assertThat(only(result, Ailment.SOURCE_FAILING).found()).isEqualTo("7 polls have failed in a row, the last success was 10 min ago "
                + "(2026-11-23 11:50:00Z), says host-1: HTTP 503: \u001b[31mno");
        assertThat(only(result, Ailment.SOURCE_NOT_POLLED, "silent").found()).contains("nothing was told of it for 15 min, last by host-1");
        assertThat(only(result, Ailment.SOURCE_REMOVED).remedy()).contains("echo 'removed|NULL' | kafka-console-producer.sh",
                "--topic sources.source-status", "null.marker=NULL");
    }

    @Test
    void shouldFindAlertsThatHaveNotEnded() throws Exception {
        Deployment deployment = brokers.setUp(brokers.deployment("alerts"));
        Map<String, JobAlert> alerts = new LinkedHashMap<>();
        alerts.put("encoder", alert(null, AlertKind.SOURCE_DOWN, true, 60));
        alerts.put("encoder/1", alert("1", AlertKind.STUCK, true, 7200));
        alerts.put("encoder/2", alert("2", AlertKind.STUCK, false, 7200));
        alerts.put("encoder/3", alert("3", AlertKind.LOST, true, 3600));
        alerts.put("encoder/4", alert("4", AlertKind.LOST, true, 3 * 86_400));
        brokers.send(deployment, "alerts.job-alerts", alerts);

        Result result = new AlertsExamination(deployment, CLOCK).examine();

        assertThat(result.summary()).isEqualTo("3 active");
        assertThat(only(result, Ailment.ALERT_ACTIVE, "SOURCE_DOWN").severity()).isEqualTo(Severity.FAIL);
        assertThat(only(result, Ailment.ALERT_ACTIVE, "STUCK").found()).isEqualTo("1 is active: encoder/1 since 2 h ago "
                + "(2026-11-23 10:00:00Z)");
        assertThat(only(result, Ailment.ALERT_ACTIVE, "LOST").found()).contains("encoder/3").doesNotContain("encoder/4");
    }

    @Test
    void shouldNotTakeTheEndOfOneKindOfAlertForTheEndOfAnotherOfTheSameJob() throws Exception {
        Deployment deployment = brokers.setUp(brokers.deployment("kinds"));
        brokers.send(deployment, "kinds.job-alerts", Map.of("encoder/1", alert("1", AlertKind.LOST, true, 3600)));
        brokers.send(deployment, "kinds.job-alerts", Map.of("encoder/1", alert("1", AlertKind.STUCK, true, 7200)));
        brokers.send(deployment, "kinds.job-alerts", Map.of("encoder/1", alert("1", AlertKind.STUCK, false, 60)));

        Result result = new AlertsExamination(deployment, CLOCK).examine();

        assertThat(result.summary()).isEqualTo("1 active");
        assertThat(only(result, Ailment.ALERT_ACTIVE, "LOST").found()).contains("encoder/1");
    }

    @Test
    void shouldCountTheDeadLettersOfADayThatWereNotPutBack() throws Exception {
        Deployment deployment = brokers.setUp(brokers.deployment("letters"));
        assertThat(new DeadLettersExamination(deployment, CLOCK).examine().findings()).isEmpty();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long seconds : new long[] {3 * 86_400, 7200, 600, 60}) {
            records.add(letter(AT.minusSeconds(seconds), DeadLetterHeaders.ofItem("encoder", "not a job"), new byte[] {1}));
        }
        Headers note = new RecordHeaders();
        note.add(DeadLetterHeaders.ORIGIN, DeadLetterHeaders.REPLAY.getBytes(StandardCharsets.UTF_8));
        note.add(DeadLetterHeaders.REPLAYED, "1:3".getBytes(StandardCharsets.UTF_8));
        records.add(letter(AT.minusSeconds(30), note, null));
        brokers.send(records);

        Finding finding = only(new DeadLettersExamination(deployment, CLOCK).examine(), Ailment.DEAD_LETTERS);

        assertThat(finding.found()).isEqualTo("2 within a day, 1 within an hour: BAD_ITEM 2");
        assertThat(finding.remedy()).startsWith("jobwatch dead-letters list -c FILE --since 1d");
    }

    @Test
    void shouldFindSchemasThatAreNotWhatTheyShouldBe() throws Exception {
        Deployment deployment = brokers.deployment("schemas");
        assertThat(kinds(new RegistryExamination(deployment).examine())).hasSize(7).containsOnly(Ailment.SCHEMA_NOT_REGISTERED);
        try (SchemaRegistry registry = brokers.openRegistry()) {
            Schema foreign = SchemaBuilder.record("JobStatus").namespace("io.jobwatch.event").fields().requiredInt("source").endRecord();
            registry.register("schemas.job-status-value", foreign);
            registry.setCompatibility("schemas.job-status-value", TopicSchemas.COMPATIBILITY);
            TopicSchemas.register(registry, deployment.specs().stream().filter(spec -> !spec.name().endsWith("job-status")).toList());
            registry.setCompatibility("schemas.job-alerts-value", "BACKWARD");
        }

        Result result = new RegistryExamination(deployment).examine();

        assertThat(kinds(result)).containsExactlyInAnyOrder(Ailment.SCHEMA_INCOMPATIBLE, Ailment.COMPATIBILITY_LEVEL);
        assertThat(only(result, Ailment.SCHEMA_INCOMPATIBLE).subject()).isEqualTo("schemas.job-status-value");
        assertThat(only(result, Ailment.COMPATIBILITY_LEVEL).found()).startsWith("the compatibility level is BACKWARD");
        Deployment nowhere = brokers.deployment("schemas", "schema-registry: {url: \"http://127.0.0.1:9\"}");
        assertThat(only(new RegistryExamination(nowhere).examine(), Ailment.REGISTRY_UNREACHABLE).subject())
                .isEqualTo("http://127.0.0.1:9");
    }

    @Test
    void shouldFindThatTheBrokersLackTheProtocolThatIsAskedFor() throws Exception {
        Deployment deployment = brokers.deployment("versions", "process: {properties: {group.protocol: streams}}");
        try (Cluster cluster = Cluster.of(deployment)) {
            assertThat(new VersionsExamination(deployment, cluster).examine().findings()).isEmpty();
            brokers.admin().updateFeatures(Map.of("streams.version",
                    new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE)), new UpdateFeaturesOptions()).all().get();
            Awaitility.await().until(() -> !new VersionsExamination(deployment, cluster).examine().findings().isEmpty());

            assertThat(only(new VersionsExamination(deployment, cluster).examine(), Ailment.FEATURE_MISSING).remedy())
                    .contains("kafka-features.sh", "upgrade --feature streams.version=1");
        }
    }

    private static SourceStatus status(String name, long secondsAgo) {
        SourceStatus status = new SourceStatus();
        status.setSource(name);
        status.setSourceType("ams-v2");
        status.setAccount("contoso");
        status.setUpdatedAt(AT.minusSeconds(secondsAgo));
        status.setLastSuccessAt(AT.minusSeconds(secondsAgo));
        status.setPollIntervalMillis(2_500);
        status.setOwner("host-1");
        return status;
    }

    private static JobAlert alert(String jobId, AlertKind kind, boolean active, long secondsAgo) {
        JobAlert alert = new JobAlert();
        alert.setSource("encoder");
        alert.setJobId(jobId);
        alert.setKind(kind);
        alert.setActive(active);
        alert.setSince(AT.minusSeconds(secondsAgo));
        alert.setDetectedAt(AT.minusSeconds(secondsAgo));
        alert.setMessage("");
        return alert;
    }

    private static ProducerRecord<byte[], byte[]> letter(Instant at, Headers headers, byte[] value) {
        return new ProducerRecord<>("letters.dead-letters", 1, at.toEpochMilli(), new byte[] {1}, value, headers);
    }
}
