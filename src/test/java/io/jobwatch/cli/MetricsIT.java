package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jobwatch.cli.MetricsPage.Metric;
import io.jobwatch.config.AccessToken;
import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.Fault;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobStates;
import io.jobwatch.topic.TopicNames;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metrics of an instance with all roles, ten sources and six partitions, held against ops/metrics.md, against the topics, and against
 * Prometheus' own checker where there is one.
 */
class MetricsIT {
    private static final Path PAGE = Path.of("ops/metrics.md");
    private static final int SOURCES = 10;
    private static final int JOBS = 12;
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final String TOKEN = "jw_" + "0123456789".repeat(4);
    private static final TopicNames TOPICS = new TopicNames("jobwatch.");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;
    private static EncoderSimulator simulator;
    private static MetricsPage page;
    private static String text;
    private static Exposition shown;
    private static Exposition afterLoss;
    private static List<JobTransition> transitions;
    private static List<JobErrorReport> reports;

    /** One run for all: most of its time is starting and waiting. */
    @BeforeAll
    static void run() throws Exception {
        page = MetricsPage.read(PAGE);
        simulator = EncoderSimulator.start(SimulatorSettings.of(JOBS, 5, 20)
                .withFaults(EnumSet.of(Fault.SERVER_ERROR, Fault.CUT, Fault.BAD_ITEMS), 0.05));
        JobwatchConfig config = config();
        AtomicReference<Connections> connections = new AtomicReference<>();
        try (Instance instance = Instance.start(config, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                Clock.systemUTC(), connections::set)) {
            writeBadRecord(connections.get());
            readTopics(connections.get(), config);
            ask(instance);
            Awaitility.await().atMost(WITHIN).untilAsserted(() -> {
                Exposition now = Exposition.parse(get(instance, "/metrics").body());
                assertThat(now.sum("jobwatch_report_delivered_total")).isEqualTo(transitions.size() + reports.size());
                assertThat(now.sum("jobwatch_stream_events_total")).isEqualTo(transitions.size());
                assertThat(now.sum("jobwatch_jobs")).isEqualTo(SOURCES * JOBS);
                assertThat(now.sum("jobwatch_report_backlog_records")).isZero();
                assertThat(now.sum("jobwatch_processing_lag_records")).isZero();
            });
            text = get(instance, "/metrics").body();
            shown = Exposition.parse(text);
        }
        delete(config.dataDir().resolve("streams"));
        delete(config.dataDir().resolve("query"));
        simulator.close();
        try (Instance instance = Instance.start(config, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                Clock.systemUTC(), any -> { })) {
            Awaitility.await().atMost(WITHIN).untilAsserted(() -> {
                Exposition now = Exposition.parse(get(instance, "/metrics").body());
                assertThat(now.sum("jobwatch_process_state", "state", "RUNNING")).isEqualTo(1);
                assertThat(now.sum("jobwatch_view_ready")).isEqualTo(1);
                // A scrape is not one moment: the view may become ready after its jobs were counted, and before this is asked of it.
                assertThat(now.sum("jobwatch_jobs")).isPositive();
                assertThat(now.sum("jobwatch_poll_failures_in_row")).isGreaterThanOrEqualTo(SOURCES);
                afterLoss = now;
            });
        }
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static JobwatchConfig config() throws IOException {
        String sources = IntStream.range(0, SOURCES).mapToObj(i -> """
                  - {name: encoder-%d, type: ams-v2, url: "%s", poll-interval: 400ms, start-from: all%s}
                """.formatted(i, simulator.url(), i == 0 ? ", request-limit: {per-second: 50}" : "")).collect(Collectors.joining());
        Path file = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                kafka: {embedded-port: 0}
                schema-registry: {embedded-port: 0}
                sources:
                %sreport: {console: compact}
                query: {port: 0, auth: {type: bearer, tokens: [{name: ops, sha256: "%s"}]}}
                """.formatted(folder.resolve("data"), sources, AccessToken.of("ops", TOKEN).sha256()));
        return ConfigLoader.load(file, name -> null);
    }

    private static void writeBadRecord(Connections connections) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(connections.kafka(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPICS.jobStateEvents(), "encoder-0/bad".getBytes(StandardCharsets.UTF_8),
                    "no event".getBytes(StandardCharsets.UTF_8))).get(30, TimeUnit.SECONDS);
        }
    }

    private static void readTopics(Connections connections, JobwatchConfig config) {
        try (DemoTopics topics = DemoTopics.fromTheBeginning(connections.kafka(), TOPICS, connections.registry())) {
            Awaitility.await().atMost(WITHIN).until(simulator::allDone);
            Awaitility.await().atMost(WITHIN).untilAsserted(() -> {
                topics.read();
                Map<String, Long> ended = topics.transitions().values().stream().flatMap(List::stream)
                        .filter(transition -> List.of("FINISHED", "ERROR", "CANCELED").contains(transition.getCurrentState().name()))
                        .collect(Collectors.groupingBy(JobTransition::getSource, Collectors.counting()));
                assertThat(ended).hasSize(SOURCES).allSatisfy((source, count) -> assertThat(count).isEqualTo(JOBS));
                assertThat(topics.reports().values().stream().mapToLong(List::size).sum()).isEqualTo(topics.transitions().values().stream()
                        .flatMap(List::stream).filter(transition -> JobStates.isStopped(transition.getCurrentState())).count());
            });
            transitions = topics.transitions().values().stream().flatMap(List::stream).toList();
            reports = topics.reports().values().stream().flatMap(List::stream).toList();
        }
    }

    /** Something of each kind. */
    private static void ask(Instance instance) throws Exception {
        for (String path : List.of("/", "/api/v1/jobs", "/api/v1/summary", "/api/v1/jobs/none/1", "/api/v1/nothing", "/health/ready")) {
            get(instance, path);
        }
    }

    private static HttpResponse<String> get(Instance instance, String path) throws Exception {
        URI uri = instance.queryUrl().orElseThrow().resolve(path);
        return HTTP.send(HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + TOKEN).timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void shouldShowWhatThePageSaysAndNothingElse() {
        Map<String, String> types = new TreeMap<>();
        shown.families().values().stream().filter(family -> family.name().startsWith("jobwatch_"))
                .forEach(family -> types.put(family.name(), family.type()));
        Map<String, String> documented = new TreeMap<>();
        page.metrics().values().forEach(metric -> documented.put(metric.name(), metric.type()));

        assertThat(types).isEqualTo(documented);
        TreeSet<String> kafka = new TreeSet<>(shown.families().keySet());
        kafka.removeIf(name -> !name.startsWith("kafka_"));
        assertThat(kafka).isEqualTo(new TreeSet<>(page.kafka()));
        assertThat(shown.families().keySet()).allMatch(name -> name.matches("(jobwatch|kafka|jvm|process|system)_.*"));
    }

    @Test
    void shouldHaveTheLabelsOfThePageWithNoOtherValues() {
        for (Metric metric : page.metrics().values()) {
            assertThat(shown.families().get(metric.name()).samples()).as(metric.name()).isNotEmpty().allSatisfy(sample -> {
                TreeSet<String> labels = new TreeSet<>(sample.labels().keySet());
                if (sample.name().endsWith("_bucket")) {
                    labels.remove("le");
                }
                assertThat(labels).isEqualTo(new TreeSet<>(metric.labels()));
                assertThat(labels).allSatisfy(label ->
                        assertThat(page.allows(metric.name(), label, sample.labels().get(label))).as(sample.toString()).isTrue());
            });
        }
        assertThat(page.unusedLabels()).isEmpty();
    }

    @Test
    void shouldSayWhatEachMetricIsAndInWhichUnit() {
        for (Metric metric : page.metrics().values()) {
            assertThat(metric.meaning()).as(metric.name()).isNotBlank();
            assertThat(shown.families().get(metric.name()).help()).as(metric.name()).isNotBlank().isNotEqualTo(" ");
            if (!metric.type().equals("gauge") && !metric.type().equals("counter")) {
                assertThat(metric.name()).endsWith("_seconds");
            }
            assertThat(metric.name().endsWith("_total")).as(metric.name()).isEqualTo(metric.type().equals("counter"));
        }
    }

    @Test
    void shouldHaveTheBucketsOfThePage() {
        page.metrics().values().stream().filter(metric -> metric.type().equals("histogram")).forEach(metric -> {
            TreeSet<Double> bounds = shown.samples(metric.name() + "_bucket")
                    .map(sample -> Double.valueOf(sample.labels().get("le").replace("Inf", "Infinity")))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(bounds.pollLast()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(bounds).as(metric.name()).containsExactlyElementsOf(page.buckets(metric.name()));
        });
    }

    @Test
    void shouldCountAsTheTopicsDo() {
        assertThat(shown.counts("jobwatch_transitions_total", "source", "state"))
                .isEqualTo(counts(transitions.stream().map(transition -> transition.getSource() + "/" + transition.getCurrentState())));
        assertThat(shown.counts("jobwatch_state_duration_seconds_count", "source", "state"))
                .isEqualTo(counts(transitions.stream().filter(transition -> transition.getPreviousStateMillis() != null)
                        .map(transition -> transition.getSource() + "/" + transition.getPreviousState())));
        double stays = transitions.stream().filter(transition -> transition.getPreviousStateMillis() != null)
                .mapToLong(JobTransition::getPreviousStateMillis).sum() / 1000.0;
        assertThat(shown.sum("jobwatch_state_duration_seconds_sum")).isCloseTo(stays, Offset.offset(0.01));
        assertThat(shown.counts("jobwatch_reports_total", "source", "state", "code"))
                .isEqualTo(counts(reports.stream().map(report -> report.getSource() + "/" + report.getState() + "/" + code(report))));
        assertThat(shown.sum("jobwatch_reports_total")).isEqualTo(reports.size());
        assertThat(shown.sum("jobwatch_report_delivered_total", "kind", "report")).isEqualTo(reports.size());
        assertThat(shown.sum("jobwatch_dead_letters_total", "reason", "MALFORMED_VALUE")).isEqualTo(1);
        assertThat(shown.sum("jobwatch_end_to_end_seconds_count")).isPositive().isLessThanOrEqualTo(transitions.size());
        assertThat(shown.counts("jobwatch_queue_time_seconds_count", "source"))
                .isEqualTo(counts(transitions.stream().filter(transition -> transition.getCurrentState() == JobState.PROCESSING)
                        .filter(transition -> EnumSet.of(JobState.QUEUED, JobState.SCHEDULED).contains(transition.getPreviousState()))
                        .map(JobTransition::getSource)));
        assertThat(shown.sum("jobwatch_store_entries", "store", "job-status")).isGreaterThanOrEqualTo(SOURCES * JOBS);
        assertThat(shown.sum("jobwatch_poll_owned")).isEqualTo(SOURCES);
        assertThat(shown.sum("jobwatch_poll_request_seconds_count", "status", "5xx")).isPositive();
        assertThat(shown.sum("jobwatch_poll_request_seconds_count", "status", "none")).isPositive();
        assertThat(shown.sum("jobwatch_query_answers_seconds_count", "route", "other", "status", "404")).isPositive();
    }

    private static Map<String, Long> counts(Stream<String> words) {
        return new TreeMap<>(words.collect(Collectors.groupingBy(word -> word, Collectors.counting())));
    }

    private static String code(JobErrorReport report) {
        return report.getTasks().stream().flatMap(task -> task.getErrors().stream()).findFirst().map(error -> error.getCode())
                .orElse("_none");
    }

    @Test
    void shouldTellOfARestorationFromWipedState() {
        assertThat(afterLoss.sum("jobwatch_restores_total", "store", "job-status")).isEqualTo(6);
        assertThat(afterLoss.sum("jobwatch_restored_records_total", "store", "job-status")).isGreaterThanOrEqualTo(SOURCES * JOBS);
        assertThat(afterLoss.sum("jobwatch_restored_records_total", "store", "view-jobs")).isGreaterThanOrEqualTo(SOURCES * JOBS);
        assertThat(afterLoss.sum("jobwatch_restore_records")).isZero();
        assertThat(afterLoss.sum("jobwatch_restore_remaining_records")).isZero();
        assertThat(afterLoss.sum("jobwatch_jobs")).isEqualTo(SOURCES * JOBS);
        assertThat(afterLoss.sum("jobwatch_transitions_total")).isZero();
    }

    /** What the cursors remember, though no poll has succeeded since the start. */
    @Test
    void shouldTellOfTheLastSuccessOfTheLifeBefore() {
        assertThat(afterLoss.samples("jobwatch_poll_last_success_timestamp_seconds")).hasSize(SOURCES)
                .allSatisfy(sample -> assertThat(sample.value()).isPositive().isLessThan(Clock.systemUTC().millis() / 1000.0));
        assertThat(afterLoss.sum("jobwatch_poll_seconds_count", "outcome", "success")).isZero();
    }

    @Test
    void shouldKeepToTheNumberOfSeriesThatThePageStates() {
        long perSource = shown.families().values().stream().flatMap(family -> family.samples().stream())
                .filter(sample -> "encoder-1".equals(sample.labels().get("source"))).count();

        System.getLogger(MetricsIT.class.getName()).log(System.Logger.Level.INFO, "{0} series, {1} of them of one source", shown.series(),
                perSource);
        assertThat(perSource).isLessThanOrEqualTo(237);
        assertThat(shown.series()).isLessThanOrEqualTo(2_500);
    }

    @Test
    void shouldPassPrometheusOwnCheck() throws Exception {
        boolean required = Boolean.parseBoolean(System.getenv("JOBWATCH_REQUIRE_PROMTOOL"));
        Path promtool = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(path -> Path.of(path, "promtool"))
                .filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(required || promtool != null, "there is no promtool on the PATH (Debian: apt-get install prometheus)");
        Path metrics = Files.writeString(folder.resolve("metrics.txt"), ours());

        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics").redirectInput(metrics.toFile())
                .redirectErrorStream(true).start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(check.waitFor()).as(said).isZero();
    }

    /** What Kafka measures in milliseconds is not ours to name. */
    private static String ours() {
        return text.lines().filter(line -> line.matches("(# \\w+ )?jobwatch_.*")).collect(Collectors.joining("\n", "", "\n"));
    }
}
