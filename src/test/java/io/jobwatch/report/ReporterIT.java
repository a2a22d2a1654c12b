package io.jobwatch.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ReportConfig;
import io.jobwatch.config.ReportConfig.Console;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class ReporterIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private static Path brokerDir;
    private static TestTopics topics;

    @TempDir
    private Path directory;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private String application;
    private String source;

    @BeforeAll
    static void startBroker() {
        topics = new TestTopics(brokerDir);
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
    }

    /** The broker is shared, so each test has a group and jobs of its own. */
    @BeforeEach
    void nameApplication(TestInfo test) {
        application = test.getTestMethod().orElseThrow().getName();
        source = application.toLowerCase(Locale.ROOT);
    }

    @Test
    void shouldBringTransitionsAndReportsToConsoleAndFilesInTheOrderSeen() {
        topics.send(List.of(report("7", 30), transition("7", null, JobState.QUEUED, 10),
                transition("7", JobState.QUEUED, JobState.PROCESSING, 20), transition("7", JobState.PROCESSING, JobState.ERROR, 30)));

        try (Reporter reporter = reporter(Console.FULL)) {
            reporter.start();
            Path file = directory.resolve(source + "/JobStop-7.txt");
            await().atMost(SOON).untilAsserted(() -> assertThat(ownStates()).containsExactly("Queued", "Processing", "Error"));
            assertThat(file).hasContent(ReportText.render(reportOf("7", 30)));
            assertThat(reporter.isRunning()).isTrue();
        }
    }

    @Test
    void shouldNotShowWhatIsNotCommitted() {
        try (Reporter reporter = reporter(Console.FULL)) {
            reporter.start();
            topics.begin(List.of(transition("aborted", null, JobState.QUEUED, 10), report("aborted", 20)));
            topics.abort();
            topics.send(List.of(transition("committed", null, JobState.QUEUED, 30)));

            await().atMost(SOON).untilAsserted(() -> assertThat(printed()).contains(source + "/committed"));
            assertThat(printed()).doesNotContain(source + "/aborted");
            assertThat(directory.resolve(source)).doesNotExist();
        }
    }

    @Test
    void shouldContinueAfterARestartWithoutRepeating() {
        topics.send(List.of(report("before", 10)));
        try (Reporter reporter = reporter(Console.COMPACT)) {
            reporter.start();
            await().atMost(SOON).untilAsserted(() -> assertThat(printed()).contains(source + "/before"));
        }
        console.reset();

        topics.send(List.of(report("after", 20)));
        try (Reporter reporter = reporter(Console.COMPACT)) {
            reporter.start();
            await().atMost(SOON).untilAsserted(() -> assertThat(printed()).contains(source + "/after"));
        }

        assertThat(printed()).doesNotContain(source + "/before");
    }

    @Test
    void shouldKeepWhatCannotBeReadAsADeadLetterAndGoOn() {
        byte[] key = (source + "/bad").getBytes(StandardCharsets.UTF_8);
        topics.send(List.of(new ProducerRecord<>(topics.names().jobErrorReports(), 0, key, new byte[] {9, 9})));
        topics.send(List.of(report("good", 10)));

        try (Reporter reporter = reporter(Console.OFF)) {
            reporter.start();
            await().atMost(SOON).untilAsserted(() -> assertThat(directory.resolve(source + "/JobStop-good.txt")).exists());
        }

        assertThat(topics.read(topics.names().deadLetters())).filteredOn(record -> Arrays.equals(record.key(), key))
                .anySatisfy(letter -> {
                    assertThat(letter.value()).containsExactly(9, 9);
                    assertThat(header(letter, "__streams.errors.topic")).isEqualTo(topics.names().jobErrorReports());
                    assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
                    assertThat(header(letter, "__streams.errors.message")).contains("wire format");
                    assertThat(header(letter, "jobwatch.origin")).isEqualTo("stream");
                    assertThat(header(letter, "jobwatch.reason")).isEqualTo("MALFORMED_VALUE");
                });
        assertThat(meters.counter("jobwatch.dead.letters", "origin", "stream", "reason", "MALFORMED_VALUE").count())
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void shouldWaitForTheDiskAndLoseNothing() throws IOException {
        try (Reporter reporter = reporter(Console.COMPACT)) {
            reporter.start();
            Path inTheWay = Files.writeString(directory.resolve(source), "not a folder");
            topics.send(List.of(report("1", 10), transition("2", null, JobState.QUEUED, 5)));
            await().atMost(SOON).untilAsserted(() -> assertThat(printed()).contains(source + "/2"));
            topics.send(List.of(report("3", 20)));
            assertThat(printed()).doesNotContain(source + "/1");

            Files.delete(inTheWay);

            await().atMost(SOON).untilAsserted(() -> assertThat(printed()).contains(source + "/1", source + "/3"));
            assertThat(directory.resolve(source + "/JobStop-1.txt")).exists();
            assertThat(directory.resolve(source + "/JobStop-3.txt")).exists();
            assertThat(printed()).containsOnlyOnce(source + "/2");
        }
    }

    @Test
    void shouldDeliverAfterTheNextStartWhatTheDiskRefused() throws Exception {
        topics.send(List.of(report("1", 10)));
        Path inTheWay = Files.writeString(directory.resolve(source), "not a folder");
        try (Reporter reporter = reporter(Console.OFF)) {
            reporter.start();
            await().atMost(SOON).until(() -> isGroupActive(topics.admin(), application + "-report"));
        }
        Files.delete(inTheWay);

        try (Reporter reporter = reporter(Console.OFF)) {
            reporter.start();
            await().atMost(SOON).untilAsserted(() -> assertThat(directory.resolve(source + "/JobStop-1.txt")).exists());
        }
    }

    @Test
    void shouldRefuseAFolderThatCannotBeWritten() throws IOException {
        directory = Files.writeString(directory.resolve("file"), "");

        try (Reporter reporter = reporter(Console.OFF)) {
            assertThatThrownBy(reporter::start).isInstanceOf(ReportException.class).hasMessageContaining("report.directory");
            assertThat(reporter.isRunning()).isFalse();
        }
    }

    @Test
    void shouldEndWhileTheBrokerIsOutOfReach() {
        Reporter reporter = new Reporter(Map.of("bootstrap.servers", "127.0.0.1:1"), topics.names(), topics.registry(),
                config(Console.FULL),
                application, new PrintStream(console), meters);
        reporter.start();

        reporter.close();

        await().atMost(SOON).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("jobwatch-report")));
        assertThat(reporter.isRunning()).isFalse();
    }

    private Reporter reporter(Console mode) {
        return new Reporter(topics.kafkaProps(), topics.names(), topics.registry(), config(mode), application,
                new PrintStream(console, false, StandardCharsets.UTF_8), meters);
    }

    private ReportConfig config(Console mode) {
        return new ReportConfig(mode, directory, Optional.empty());
    }

    private ProducerRecord<byte[], byte[]> transition(String jobId, JobState previous, JobState current, long seenAt) {
        JobTransition value = Reports.transition(previous, current).setSource(source).setJobId(jobId)
                .setObservedAt(Instant.ofEpochMilli(seenAt)).build();
        return topics.record(topics.names().jobTransitions(), source + "/" + jobId, value);
    }

    private ProducerRecord<byte[], byte[]> report(String jobId, long seenAt) {
        return topics.record(topics.names().jobErrorReports(), source + "/" + jobId, reportOf(jobId, seenAt));
    }

    private JobErrorReport reportOf(String jobId, long seenAt) {
        return Reports.report(JobState.ERROR).setSource(source).setJobId(jobId).setObservedAt(Instant.ofEpochMilli(seenAt)).build();
    }

    private String printed() {
        return console.toString(StandardCharsets.UTF_8);
    }

    /** {@return the states that the console showed of this test's jobs} */
    private List<String> ownStates() {
        String[] blocks = printed().split("Job state changed event:\n");
        return Arrays.stream(blocks).filter(block -> block.contains("Job: " + source + "/"))
                .map(block -> block.replaceAll("(?s).*Current state: (\\w+)\n.*", "$1")).toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static boolean isGroupActive(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                .anyMatch(member -> !member.assignment().topicPartitions().isEmpty());
    }
}
