package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.embedded.Ports;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real jobs on a real Slurm, followed by the packaged jar to their ends. Skipped where there is no Slurm to start; with
 * {@code JOBWATCH_REQUIRE_SLURM=true} in the environment it is installed if need be, and its absence is a failure.
 */
@Timeout(240)
class SlurmEndToEndIT {
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);
    private static final int ARRAY_TASKS = 20;

    private static SlurmCluster slurm;
    private static String unavailable;

    @TempDir
    Path folder;

    private final int kafkaPort = Ports.free();
    private final int registryPort = Ports.free();
    private final QueryApi api = new QueryApi(Ports.free());

    @BeforeAll
    static void startSlurm() throws Exception {
        boolean required = "true".equals(System.getenv("JOBWATCH_REQUIRE_SLURM"));
        try {
            // Unasked, a test installs nothing.
            slurm = SlurmCluster.start(required);
        } catch (SlurmCluster.UnavailableException e) {
            if (required) {
                fail("JOBWATCH_REQUIRE_SLURM=true, but there is no Slurm: " + e.getMessage(), e);
            }
            System.out.println("SlurmEndToEndIT is skipped: " + e.getMessage());
            unavailable = e.getMessage();
        }
    }

    /** Here and not before all: a class that is given up as a whole is not counted as skipped. */
    @BeforeEach
    void needSlurm() {
        Assumptions.assumeTrue(slurm != null, unavailable);
        assertThat(slurm.processes()).as("the daemons").hasSizeGreaterThanOrEqualTo(4);
    }

    @AfterAll
    static void stopSlurm() throws Exception {
        if (slurm != null) {
            slurm.close();
        }
    }

    @Test
    void shouldFollowRealJobsToTheirEnds() throws Exception {
        Map<String, ExpectedJob> expected = new LinkedHashMap<>();
        String early = slurm.submit("early", "true");
        expected.put(early, ExpectedJob.finished("early", 1, ""));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> slurm.jobs().get(early).get("JobState").equals("COMPLETED"));

        String token = slurm.setting("SLURM_JWT");
        try (JobwatchProcess jobwatch = JobwatchProcess.start(folder.resolve("output"), Map.of("SLURM_JWT", token),
                "run", "-c", config().toString());
             SchemaRegistry registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls("http://127.0.0.1:" + registryPort), Map.of())) {
            jobwatch.awaitOutput("running poll, process, report, query", START_WITHIN);
            runJobs(expected);
            awaitEnds(expected);
            Map<String, Map<String, String>> truth = slurm.jobs();
            assertThat(truth).containsOnlyKeys(expected.keySet());
            try (DemoTopics topics = DemoTopics.fromTheBeginning(Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort),
                    new TopicNames("jobwatch."), registry)) {
                Awaitility.await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(reportFiles()).isEqualTo(reportFiles(expected)));
                // What would come twice would come with the next polls.
                awaitPolls(5);
                readToTheEnd(topics, expected.size());
                print(expected, truth, topics);
                assertThat(topics.transitions()).containsOnlyKeys(expected.keySet());
                expected.forEach((id, job) -> {
                    job.assertTransitions(id, topics.transitions().get(id));
                    job.assertReports(id, topics.reports().getOrDefault(id, List.of()), truth.get(id));
                });
            }
            for (Map.Entry<String, ExpectedJob> job : expected.entrySet()) {
                assertAnswers(job.getKey(), job.getValue(), truth.get(job.getKey()));
            }
            assertThat(reportFiles()).isEqualTo(reportFiles(expected));

            jobwatch.terminate();
            assertThat(jobwatch.awaitExit(EXIT_WITHIN)).as(jobwatch.output()).isZero();
            assertThat(jobwatch.output()).contains("Job State: Error").doesNotContain(token);
        }
    }

    @Test
    void shouldNameTheSourceWhoseTokenIsWrongAndNeverTheToken() throws Exception {
        String token = slurm.setting("SLURM_JWT");
        try (JobwatchProcess check = check("right", token)) {
            assertThat(check.awaitExit(START_WITHIN)).as(check.output()).isZero();
            assertThat(check.output()).contains("ok      source cluster: slurm at " + slurm.setting("SLURMREST_URL") + ", ")
                    .doesNotContain("FAILED", token);
        }
        // The same claims with the signature of something else.
        String wrong = token.substring(0, token.lastIndexOf('.') + 1) + "c29tZXRoaW5nIGVsc2U";
        try (JobwatchProcess check = check("wrong", wrong)) {
            assertThat(check.awaitExit(START_WITHIN)).as(check.output()).isEqualTo(1);
            assertThat(check.output().lines().filter(line -> line.startsWith("FAILED"))).hasSize(1)
                    .allSatisfy(line -> assertThat(line).startsWith("FAILED  source cluster: ").contains("token"));
            assertThat(check.output()).doesNotContain(wrong, token);
        }
    }

    private JobwatchProcess check(String output, String token) throws IOException {
        return JobwatchProcess.start(folder.resolve(output), Map.of("SLURM_JWT", token), "check", "-c", config().toString());
    }

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                kafka: {embedded-port: %d}
                schema-registry: {embedded-port: %d}
                sources:
                  - name: cluster
                    type: slurm
                    url: %s
                    account: %s
                    location: hall 1
                    poll-interval: 300ms
                    start-from: all
                    auth: {type: slurm-jwt, user: %s, token: "${SLURM_JWT}"}
                report: {console: full, directory: "%s"}
                query: {port: %d}
                """.formatted(folder.resolve("data"), kafkaPort, registryPort, slurm.setting("SLURMREST_URL"),
                slurm.setting("SLURM_CLUSTER"), slurm.setting("SLURM_USER"), folder.resolve("reports"), api.port()));
    }

    /** Submits a job of every kind, and does to each what it is to suffer once jobwatch shows the state in which it is to suffer it. */
    private void runJobs(Map<String, ExpectedJob> expected) throws Exception {
        String maybe = "(QUEUED )?(PROCESSING )?";
        String overrun = slurm.submit("overrun", "sleep 300", "--time=1");
        expected.put(overrun, ExpectedJob.failed("overrun", 1, "(QUEUED )?PROCESSING ", "TIMEOUT", "time limit reached"));
        String requeued = slurm.submit("requeued", secondTime("sleep 2"), "--requeue");
        expected.put(requeued, ExpectedJob.finished("requeued", 2, "(QUEUED )?PROCESSING \\| " + maybe));
        String failedTwice = slurm.submit("requeued in vain", secondTime("exit 4"), "--requeue");
        expected.put(failedTwice, ExpectedJob.failed("requeued in vain", 2, "(QUEUED )?PROCESSING \\| " + maybe,
                "NonZeroExitCode", "exit status 4"));
        String waited = slurm.submit("canceled while it waits", "true", "--hold");
        expected.put(waited, ExpectedJob.canceled("canceled while it waits", "QUEUED "));
        String ran = slurm.submit("canceled while it runs", "sleep 300");
        expected.put(ran, ExpectedJob.canceled("canceled while it runs", "(QUEUED )?PROCESSING "));
        expected.put(slurm.submit("good", "sleep 3"), ExpectedJob.finished("good", 1, maybe));
        expected.put(slurm.submit("bad", "sleep 2; exit 3"), ExpectedJob.failed("bad", 1, maybe, "NonZeroExitCode", "exit status 3"));
        String array = slurm.submit("array", "sleep 1; [ $SLURM_ARRAY_TASK_ID != 7 ]", "--array=0-" + (ARRAY_TASKS - 1));
        for (int task = 0; task < ARRAY_TASKS; task++) {
            expected.put(array + "_" + task, task == 7
                    ? ExpectedJob.failed("array", 1, maybe, "NonZeroExitCode", "exit status 1") : ExpectedJob.finished("array", 1, maybe));
        }

        awaitState(overrun, JobState.PROCESSING);
        slurm.command("scontrol", "update", "jobid=" + overrun, "timelimit=0");
        for (String job : List.of(requeued, failedTwice)) {
            awaitState(job, JobState.PROCESSING);
            slurm.command("scontrol", "requeue", job);
        }
        awaitState(waited, JobState.QUEUED);
        awaitState(ran, JobState.PROCESSING);
        slurm.command("scancel", waited, ran);
    }

    /** A script that runs until it is ended, and the second time does as it is told. */
    private static String secondTime(String script) {
        return "[ ${SLURM_RESTART_COUNT:-0} -gt 0 ] || sleep 300; " + script;
    }

    private void awaitState(String id, JobState state) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(200))
                .until(() -> api.get(jobPath(id)).statusCode() == 200
                        && state.name().equals(api.json(jobPath(id)).path("state").textValue()));
    }

    private void awaitEnds(Map<String, ExpectedJob> expected) {
        // Slurm looks at time limits every 30 s.
        Awaitility.await().atMost(Duration.ofSeconds(75)).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            Map<String, String> open = new TreeMap<>();
            expected.forEach((id, job) -> open.put(id, "not seen"));
            for (JsonNode job : api.json("/api/v1/jobs?source=cluster&limit=500").path("items")) {
                String id = job.path("jobId").textValue();
                ExpectedJob end = expected.get(id);
                String state = job.path("state").textValue();
                if (end != null && end.state().name().equals(state) && end.attempt() == job.path("attempt").intValue()) {
                    open.remove(id);
                } else {
                    open.put(id, state);
                }
            }
            assertThat(open).as("jobs that have not come to the end that is theirs").isEmpty();
        });
    }

    private void awaitPolls(int more) throws Exception {
        double before = api.successfulPolls("cluster");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> api.successfulPolls("cluster") >= before + more);
    }

    /** Reads until every job is there and nothing has come for a second. */
    private static void readToTheEnd(DemoTopics topics, int jobs) {
        long seen = 0;
        for (int quiet = 0; quiet < 10 || topics.transitions().size() < jobs; quiet++) {
            topics.read();
            long records = Stream.of(topics.transitions(), topics.reports()).flatMap(byJob -> byJob.values().stream())
                    .mapToLong(List::size).sum();
            quiet = records == seen ? quiet : 0;
            seen = records;
        }
    }

    /** What the API answers is what Slurm itself says, and the report there is the one in the file. */
    private void assertAnswers(String id, ExpectedJob job, Map<String, String> truth) throws Exception {
        JsonNode status = api.json(jobPath(id));
        assertThat(status.path("state").textValue()).as(id).isEqualTo(job.state().name());
        assertThat(status.path("nativeState").textValue()).as(id).isEqualTo(truth.get("JobState"));
        assertThat(status.path("attempt").intValue()).as(id).isEqualTo(job.attempt())
                .isEqualTo(Integer.parseInt(truth.get("Restarts")) + 1);
        assertThat(status.path("endedAt").textValue()).as(id).isEqualTo(truth.get("EndTime") + "Z");
        String startedAt = job.way().equals("QUEUED CANCELED") ? null : truth.get("StartTime") + "Z";
        assertThat(status.path("startedAt").textValue()).as(id).isEqualTo(startedAt);

        HttpResponse<String> report = api.get(jobPath(id) + "/report");
        if (!job.stopped()) {
            assertThat(report.statusCode()).as(id).isEqualTo(404);
            return;
        }
        assertThat(report.body()).as(id)
                .isEqualTo(job.reportText(id, slurm.setting("SLURM_CLUSTER"), startedAt == null ? "" : startedAt));
        assertThat(folder.resolve("reports/cluster").resolve(job.reportFile(id))).content().isEqualTo(report.body());
    }

    private static Set<String> reportFiles(Map<String, ExpectedJob> expected) {
        return expected.entrySet().stream().filter(job -> job.getValue().stopped()).map(job -> job.getValue().reportFile(job.getKey()))
                .collect(Collectors.toSet());
    }

    private Set<String> reportFiles() throws IOException {
        Path reports = folder.resolve("reports/cluster");
        try (Stream<Path> files = Files.isDirectory(reports) ? Files.list(reports) : Stream.empty()) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".txt")).collect(Collectors.toSet());
        }
    }

    private static void print(Map<String, ExpectedJob> expected, Map<String, Map<String, String>> truth, DemoTopics topics) {
        String row = "%-6s %-25s %-24s %-42s %-46s %s%n";
        System.out.printf(row, "job", "name", "Slurm says", "seen in Slurm's words", "transitions", "report");
        expected.forEach((id, job) -> {
            List<JobTransition> transitions = topics.transitions().getOrDefault(id, List.of());
            Map<String, String> end = truth.get(id);
            System.out.printf(row, id, job.name(), end.get("JobState") + " " + end.get("ExitCode") + " restarts " + end.get("Restarts"),
                    transitions.stream().map(JobTransition::getNativeState).collect(Collectors.joining(" ")), ExpectedJob.way(transitions),
                    topics.reports().containsKey(id) ? job.reportFile(id) : "");
        });
    }

    private static String jobPath(String id) {
        return "/api/v1/jobs/cluster/" + id;
    }
}
