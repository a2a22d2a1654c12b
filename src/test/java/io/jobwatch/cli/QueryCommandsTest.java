package io.jobwatch.cli;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.source;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.embedded.Ports;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.StateChange;
import io.jobwatch.event.Task;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.http.QueryServer;
import io.jobwatch.query.http.Services;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands against the real query server. */
@Timeout(60)
class QueryCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FakeView view = new FakeView();
    private static QueryServer server;

    @BeforeAll
    static void start() {
        server = QueryServer.start(new QueryConfig("127.0.0.1", 0), new Services(view, (job, status) -> {
            throw new UnsupportedOperationException("nothing here explains");
        }, (filter, lastEventId, wakeUp) -> {
            throw new UnsupportedOperationException("nothing is streamed here");
        }, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void clear() {
        view.clear();
    }

    @Test
    void shouldListJobsInAlignedColumns() {
        view.put(status("s", "1", JobState.PROCESSING, NOON).setProgress(40).setJobName("映画").build());
        view.put(status("s", "22", JobState.ERROR, NOON.plusSeconds(1)).setJobName(null).build());
        view.put(status("s", "3", JobState.QUEUED, NOON.plusSeconds(2)).setLostAt(NOON).build());

        CommandRun jobs = run("jobs");

        assertThat(jobs.status()).isZero();
        assertThat(jobs.err()).isEmpty();
        assertThat(jobs.lines()).hasSize(4).allMatch(line -> !line.endsWith(" "));
        assertThat(jobs.lines().get(0)).matches("STATE +DONE  CHANGED + AGO  KEY   NAME");
        assertThat(jobs.lines().get(1)).startsWith("Queued, lost     -  2026-11-22 12:00:02Z").endsWith("s/3   Job 3");
        assertThat(jobs.lines().get(2)).startsWith("Error            -  2026-11-22 12:00:01Z").endsWith("s/22  -");
        assertThat(jobs.lines().get(3)).startsWith("Processing    40 %  2026-11-22 12:00:00Z").endsWith("s/1   映画");
    }

    @Test
    void shouldPageThroughAllJobsAsOneDocument() throws Exception {
        for (int i = 0; i < 1_203; i++) {
            view.put(status("s", "id " + i, JobState.QUEUED, NOON.plusSeconds(i / 7)).build());
        }

        CommandRun all = run("jobs", "--all", "-o", "json");

        JsonNode document = JSON.readTree(all.out());
        assertThat(document.path("items").findValuesAsText("jobId")).hasSize(1_203).doesNotHaveDuplicates();
        assertThat(document.path("more").asBoolean()).isFalse();
        assertThat(all.lines()).as("an item a line").hasSize(1_203 + 2);

        JsonNode some = JSON.readTree(run("jobs", "--limit", "700", "-o", "json").out());
        assertThat(some.path("items")).hasSize(700);
        assertThat(some.path("more").asBoolean()).isTrue();
        CommandRun table = run("jobs", "--limit", "501");
        assertThat(table.lines()).hasSize(502);
        assertThat(table.lines().stream().map(line -> line.indexOf("id ")).skip(1).distinct()).hasSize(1);
        assertThat(table.err()).contains("there are more: --limit N shows N, --all shows all");
    }

    @Test
    void shouldFilterJobs() {
        view.put(status("s", "1", JobState.QUEUED, NOON).setJobName("Über & 100%").build());
        view.put(status("s", "2", JobState.ERROR, NOON.plusSeconds(60)).setAccount("other").build());
        view.put(status("t", "3", JobState.CANCELED, NOON.plusSeconds(60)).build());

        assertThat(ids("--source", "s")).containsExactlyInAnyOrder("1", "2");
        assertThat(ids("--account", "other")).containsExactly("2");
        assertThat(ids("--state", "error,canceled")).containsExactlyInAnyOrder("2", "3");
        assertThat(ids("--state", "ERROR", "--state", "QUEUED")).containsExactlyInAnyOrder("1", "2");
        assertThat(ids("--name", "über & 100%")).containsExactly("1");
        assertThat(ids("--changed-since", NOON.plusSeconds(30).toString())).containsExactlyInAnyOrder("2", "3");
        assertThat(run("jobs", "--name", "no such").out()).isEqualTo("no jobs\n");
        assertThat(run("jobs", "--name", "no such", "-o", "json").out()).isEqualTo("{\"items\":[],\"more\":false}\n");
    }

    @Test
    void shouldShowAJobWithItsTimelineTasksAndErrors() {
        Task task = Task.newBuilder().setTaskId("t1").setName("Encode").setState(JobState.ERROR).setStartedAt(NOON)
                .setEndedAt(NOON.plusSeconds(20)).setErrors(List.of(new ErrorDetail("BadInput", "line 1\nline 2"))).build();
        view.put(status("s", "a/b c%ü", JobState.ERROR, NOON.plusSeconds(90)).setNativeState("Failed").setNativeReason("OutOfMemory")
                .setEndedAt(NOON.plusSeconds(90)).setAttempt(2).setAttributes(Map.of("Priority", "2")).setTasks(List.of(task))
                .setHistory(List.of(new StateChange(JobState.QUEUED, NOON, 1),
                        new StateChange(JobState.PROCESSING, NOON.plusSeconds(15), 2),
                        new StateChange(JobState.ERROR, NOON.plusSeconds(90), 2))).build());

        CommandRun job = run("job", "s/a/b c%ü");

        assertThat(job.status()).as(job.err()).isZero();
        assertThat(job.out()).startsWith("s/a/b c%ü\n  name          Job a/b c%ü\n  state         Error for ")
                .contains("(Failed)\n  reason        OutOfMemory\n", "  attempt       2\n", " ago (2026-11-22 12:01:30Z)\n",
                        "  Priority: 2\n")
                .contains("""
                          TIMELINE              STATE              FOR  ATTEMPT
                          2026-11-22 12:00:00Z  Queued            15 s  1
                          2026-11-22 12:00:15Z  Processing  1 min 15 s  2
                          2026-11-22 12:01:30Z  Error                -  2
                        """)
                .contains("t1    Error     -  2026-11-22 12:00:00Z  20 s  Encode\n")
                .contains("  t1  BadInput\n      line 1\\nline 2\n");
    }

    @Test
    void shouldShowAReportOfAnAttempt() throws Exception {
        view.put(status("s", "1", JobState.ERROR, NOON).build());
        view.put(report("s", "1", NOON, "First").build());
        view.put(report("s", "1", NOON.plusSeconds(9), "Second\u001b[2J").setAttempt(2).build());

        assertThat(run("job", "s/1", "--report").out()).startsWith("\nThe job stopped").contains("Error Code: Second\\u001b[2J")
                .endsWith("***************************\n\n");
        assertThat(run("job", "s/1", "--attempt", "1").out()).contains("Error Code: First");
        assertThat(JSON.readTree(run("job", "s/1", "--report", "-o", "json").out()).path("attempt").asInt()).isEqualTo(2);
        CommandRun none = run("job", "s/1", "--attempt", "3");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err()).startsWith("jobwatch: attempt 3 of the job s/1 has no report");
    }

    @Test
    void shouldSummarise() throws Exception {
        view.put(status("s", "1", JobState.QUEUED, NOON).build());
        view.put(status("t", "2", JobState.ERROR, NOON).build());
        view.put(report("t", "2", NOON, "BadInput", "").build());

        CommandRun summary = run("summary");

        assertThat(summary.lines().stream().map(line -> line.replaceAll(" +", " ")))
                .startsWith("SOURCE JOBS QUEUED SCHEDULED PROCESSING CANCELING FINISHED ERROR CANCELED UNKNOWN", "s 1 1 0 0 0 0 0 0 0",
                        "t 1 0 0 0 0 0 1 0 0", "all 2 1 0 0 0 0 1 0 0", "")
                .contains("FAILURES SOURCE CODE", " 1 t BadInput", " 1 t (no code)");
        assertThat(summary.out()).contains("queued longest: s/1 (Job 1), ").contains("(2026-11-22 12:00:00Z)\n");
        assertThat(JSON.readTree(run("summary", "-o", "json").out()).path("jobs").asInt()).isEqualTo(2);
    }

    @Test
    void shouldTellHowSourcesAre() throws Exception {
        Instant now = Instant.now();
        view.put(source("fine").setUpdatedAt(now).setLastSuccessAt(now).setJobsSeen(7).build());
        view.put(source("down").setUpdatedAt(now).setFailuresInRow(3).setFailure("GET http://h: no connection").setLagMillis(1_200)
                .build());
        view.put(source("new").setUpdatedAt(now).setLastSuccessAt(null).build());

        CommandRun sources = run("sources");

        assertThat(sources.lines()).hasSize(4);
        assertThat(sources.out()).containsPattern("fine +ok ").containsPattern("down +failed x3 ").contains("GET http://h: no connection")
                .containsPattern("new +not polled yet ");
        assertThat(JSON.readTree(run("sources", "-o", "json").out()).path("items")).hasSize(3);
        view.clear();
        assertThat(run("sources").out()).isEqualTo("no sources\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "json"})
    void shouldNotLetNamesReachTheTerminalAsCommands(String format) {
        String evil = "\u001b]0;owned\u0007\u009b2J\r\nfake\u202elive\u2028\u200b";
        view.put(status("s", "id\u001b[31m", JobState.QUEUED, NOON).setJobName(evil).setNativeReason(evil).setNativeState(evil)
                .setAttributes(Map.of(evil, evil)).setLocation(evil)
                .setTasks(List.of(Task.newBuilder().setTaskId(evil).setName(evil).setState(JobState.ERROR)
                        .setErrors(List.of(new ErrorDetail(evil, evil))).build())).build());
        view.put(source("s").setFailure(evil).setOwner(evil).setFailuresInRow(1).build());
        view.put(report("s", "1", NOON, evil).build());

        for (String command : List.of("jobs", "job s/id\u001b[31m", "summary", "sources", "job s/none\u001b[2J")) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ", 2)));
            arguments.addAll(List.of("-o", format));
            CommandRun run = run(arguments.toArray(String[]::new));
            assertThat(run.out() + run.err()).as(command).isNotEmpty().doesNotContain("\u001b", "\u0007", "\u009b", "\r",
                    "\u202e", "\u2028", "\u200b");
        }
    }

    @Test
    void shouldTellOfAStaleAnswer() {
        view.put(status("s", "1", JobState.QUEUED, NOON).build());
        view.setLag(Duration.ofSeconds(95));

        for (String command : List.of("jobs", "summary", "sources", "job s/1")) {
            assertThat(run(command.split(" ")).err()).as(command).contains("this is stale: what jobwatch answers from is 1 min 35 s old");
        }
        CommandRun json = run("jobs", "-o", "json");
        assertThat(json.err()).contains("stale");
        assertThat(json.out()).endsWith("],\"more\":false,\"stale\":true}\n");
    }

    @Test
    void shouldSayWhenTheViewIsNotReady() {
        view.setReady(false);

        CommandRun jobs = run("jobs", "--timeout", "2s");

        assertThat(jobs.status()).isEqualTo(1);
        assertThat(jobs.err()).contains("cannot answer now: ").contains("try again soon").doesNotContain("Exception");
    }

    @Test
    void shouldTellAWrongUseFromAFailure(@TempDir Path folder) throws Exception {
        String empty = Files.writeString(folder.resolve("token"), "two words\n").toString();
        assertThat(Stream.of(run("jobs", "--state", "DONE"), run("jobs", "--limit", "0"), run("jobs", "--changed-since", "yesterday"),
                run("job", "nokey"), run("job"), run("job", "s/1", "--wait", "0s"), run("job", "s/1", "--sequence", "1"),
                run("job", "s/1", "--report", "--wait", "1s"), run("jobs", "--token-file", empty), run("jobs", "--ca-file", empty),
                run("alerts", "--all", "--active"), CommandRun.of("jobs", "--url", "here"), run("tail", "--state", "x")))
                .allSatisfy(wrong -> {
                    assertThat(wrong.status()).as(wrong.err()).isEqualTo(2);
                    assertThat(wrong.err()).startsWith("jobwatch: ").doesNotContain("\tat ")
                            .hasLineCount(wrong.err().contains("Try '") ? 2 : 1);
                    assertThat(wrong.out()).isEmpty();
                });
        assertThat(Stream.of(run("job", "s/none"),
                CommandRun.of("tail", "--url", "http://127.0.0.1:" + Ports.free()),
                CommandRun.of("jobs", "--url", "http://127.0.0.1:" + Ports.free())))
                .allSatisfy(failed -> {
                    assertThat(failed.status()).as(failed.err()).isEqualTo(1);
                    assertThat(failed.err()).startsWith("jobwatch: ").doesNotContain("\tat ").hasLineCount(1);
                });
    }

    @Test
    void shouldSayThatAServerSpeaksNoTls() {
        assertThat(CommandRun.of("jobs", "--url", server.url().replace("http:", "https:")).err()).startsWith("jobwatch: TLS with https://")
                .contains("(is it http rather than https?)");
    }

    @Test
    void shouldHelpWithAnExampleForEachCommand() {
        for (String command : List.of("jobs", "job", "explain", "failures", "summary", "sources", "alerts", "tail")) {
            CommandRun help = CommandRun.of(command, "--help");
            assertThat(help.status()).isZero();
            assertThat(help.out()).as(command).contains("Example", "  jobwatch " + command, "--url", "--token-file", "-o json prints");
        }
    }

    @Test
    void shouldShowHowEachCommandIsUsed() {
        CommandLine commands = CommandLineInterface.commandLine();
        for (CommandLine command : commands.getSubcommands().values()) {
            Stream<CommandLine> ours = Stream.concat(Stream.of(command), command.getSubcommands().values().stream())
                    .filter(each -> !each.getCommandName().endsWith("completion"));
            assertThat(ours).allSatisfy(each -> {
                String name = each.getCommandSpec().qualifiedName();
                assertThat(each.getUsageMessage()).as(name).containsPattern("Examples?:\n  " + name + " ");
            });
        }
    }

    @Test
    void shouldListItsCommandsByWhatTheyAreFor() {
        String help = CommandRun.of("--help").out();

        assertThat(help).containsSubsequence("Run it:\n", "  demo  ", "  simulate  ", "Ask what runs:\n", "  summary  ", "  jobs  ",
                "  tail  ", "Beside it:\n", "  completion  ", "Exit status:");
        assertThat(CommandLineInterface.commandLine().getSubcommands().keySet())
                .allSatisfy(name -> assertThat(help).containsOnlyOnce("\n  " + name + "  "));
        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void shouldCompleteItsCommandsInAShell() {
        assertThat(CommandRun.of("completion").out()).contains("complete -F", "jobs", "--changed-since", "dead-letters");
    }

    private static List<String> ids(String... filters) {
        try {
            String[] arguments = Stream.concat(Stream.of("jobs", "-o", "json"), Stream.of(filters)).toArray(String[]::new);
            return new ArrayList<>(new HashSet<>(JSON.readTree(run(arguments).out()).path("items").findValuesAsText("jobId")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(Stream.concat(Stream.of(arguments), Stream.of("--url", server.url())).toArray(String[]::new));
    }
}
