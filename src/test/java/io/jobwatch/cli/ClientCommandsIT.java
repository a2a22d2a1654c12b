package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.cli.client.EventsServer;
import io.jobwatch.embedded.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that asks a jobwatch, as a process against the process of a demo. */
class ClientCommandsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WITHIN = Duration.ofSeconds(120);
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path folder;

    private String url;

    /** What a process printed; standard error by itself. */
    private record Run(int status, String out, String err) {
    }

    @Test
    void shouldShowWhatADemoDoes() throws Exception {
        int port = Ports.free();
        url = "http://127.0.0.1:" + port;
        assertThat(run("jobs").status()).as("nothing runs yet").isEqualTo(1);
        // Jobs arrive for 20 s: tail sees only what happens once it is connected.
        try (JobwatchProcess demo = JobwatchProcess.start(folder.resolve("demo"), Map.of(), "demo", "--jobs", "45", "--speed", "8",
                "--port", Integer.toString(port))) {
            demo.awaitOutput("Ctrl-C ends it.", WITHIN);
            try (JobwatchProcess tail = JobwatchProcess.start(folder.resolve("tail"), Map.of(), "tail", "--url", url)) {
                tail.awaitOutput(" -> ", WITHIN);
                tail.terminate();
                assertThat(tail.awaitExit(WITHIN)).as(tail.output()).isZero();
                assertThat(tail.output().lines())
                        .allMatch(line -> line.matches("\\S+ \\d\\d:\\d\\d:\\d\\dZ  .{10} -> .{10}  encoder/nb:jid:.*"));
            }
            demo.awaitOutput("Every job has ended", WITHIN);
            assertThat(demo.output()).as("no terminal, no progress line").doesNotContain("\u001b[", "jobs arrived");
            askEverything();
        }
    }

    @Test
    void shouldEndQuietlyWhenItsReaderHasHadEnough() throws Exception {
        String token = "a-token-from-the-environment-0123456789";
        try (EventsServer server = new EventsServer()) {
            server.eventsForEver("event: transition\nid: 1\ndata: {\"source\":\"s\",\"jobId\":\"1\"}\n\n");

            Run first = sh("exec 3>&1; { JOBWATCH_TOKEN=" + token + " \"$@\" tail -o json --url " + server.url()
                    + "; echo $? >&3; } | head -n 1");

            assertThat(first.out().lines()).as(first.err()).containsExactly("{\"source\":\"s\",\"jobId\":\"1\"}", "0");
            assertThat(first.err()).isEmpty();
            assertThat(server.asked()).extracting(EventsServer.Asked::authorization).containsExactly("Bearer " + token);
        }
    }

    private void askEverything() throws Exception {
        Awaitility.await().atMost(WITHIN).until(() -> items("failures").size() > 0);
        JsonNode failure = items("failures").get(0);
        String key = failure.path("source").asText() + "/" + failure.path("jobId").asText();
        assertThat(items("jobs", "--all")).hasSize(45);
        assertThat(items("alerts", "--all")).isEmpty();
        assertThat(json("job", key).path("state").asText()).isEqualTo("ERROR");
        assertThat(json("summary").path("jobs").asInt()).isEqualTo(45);
        assertThat(json("sources").at("/items/0/source").asText()).isEqualTo("encoder");
        // On a busy machine the first look may come when the job has ended.
        assertThat(json("explain", key).at("/observations/0/decision/kind").asText()).isEqualTo("DISCOVERED");

        assertThat(fine("jobs", "--state", "ERROR").out()).startsWith("STATE ").contains(key).doesNotContain("\u001b");
        assertThat(fine("failures").out()).contains(key);
        assertThat(fine("job", key).out()).startsWith(key + "\n").contains("TIMELINE", "ERRORS");
        assertThat(fine("job", key, "--report").out()).contains("Job State: Error");
        assertThat(fine("explain", key).out()).startsWith(key + ", in jobwatch.job-state-events-").contains("(discovered)", "Error");
        assertThat(fine("summary").out()).contains("FAILURES  SOURCE");
        assertThat(fine("sources").out()).contains("encoder  ok");
        assertThat(fine("alerts").out()).isEqualTo("no active alerts\n");

        assertThat(run("job", key, "--wait", "1s").status()).as("an ended job does not change").isEqualTo(1);
        assertThat(run("job", "encoder/none").err()).startsWith("jobwatch: no job encoder/none is known");
        assertThat(run("jobs", "--changed-since", "yesterday").status()).isEqualTo(2);
        Run full = sh("\"$@\" jobs --all --url " + url + " > /dev/full");
        assertThat(full.status()).isEqualTo(1);
        assertThat(full.err()).startsWith("jobwatch: the output cannot be written");
    }

    private JsonNode items(String... arguments) throws Exception {
        return json(arguments).path("items");
    }

    private JsonNode json(String... arguments) throws Exception {
        String[] all = Stream.concat(List.of(arguments).stream(), Stream.of("-o", "json"))
                .toArray(String[]::new);
        return JSON.readTree(fine(all).out());
    }

    private Run fine(String... arguments) throws Exception {
        Run run = run(arguments);
        assertThat(run.status()).as(run.err()).isZero();
        return run;
    }

    private Run run(String... arguments) throws Exception {
        String[] all = Stream.concat(List.of(arguments).stream(), Stream.of("--url", url))
                .toArray(String[]::new);
        return sh("\"$@\"", all);
    }

    /** Runs a script in which "$@" is jobwatch with the arguments. */
    private Run sh(String script, String... arguments) throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh", JAVA, "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-jar", System.getProperty("jobwatch.jar")));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertThat(process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)).as("ended: %s", Files.readString(err)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
