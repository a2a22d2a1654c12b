package io.jobwatch.cli;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.AccessToken;
import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.config.QueryTls;
import io.jobwatch.config.TestKeys;
import io.jobwatch.event.JobState;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.http.QueryServer;
import io.jobwatch.query.http.Services;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands against the real query server with a certificate and a token. */
@Timeout(60)
class SecuredCommandsTest {
    private static final String TOKEN = "a-token-that-opens-the-queries-0123456789";
    private static final List<String> COMMANDS =
            List.of("jobs", "job s/1", "explain s/1", "failures", "summary", "sources", "alerts", "tail");

    @TempDir
    private static Path folder;
    private static TestKeys keys;
    private static QueryServer server;

    @BeforeAll
    static void start() throws Exception {
        keys = TestKeys.make(folder, "server", "EC");
        FakeView view = new FakeView();
        view.put(status("s", "1", JobState.PROCESSING, NOON).build());
        QueryConfig config = new QueryConfig("127.0.0.1", 0, new QueryAuth.Bearer(List.of(AccessToken.of("ops", TOKEN))),
                Optional.of(new QueryTls(keys.certificate(), keys.key())), false);
        server = QueryServer.start(config, new Services(view, (job, status) -> {
            throw new UnsupportedOperationException("nothing here explains");
        }, (filter, lastEventId, wakeUp) -> {
            throw new UnsupportedOperationException("nothing is streamed here");
        }, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldAskWithATokenOverTls() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");

        assertThat(run("jobs", "--token-file", file.toString()).out()).contains("Processing", "s/1");
        for (String command : List.of("jobs", "job s/1", "failures", "summary", "sources", "alerts")) {
            CommandRun fine = run((command + " --token-file " + file).split(" "));
            assertThat(fine.status()).as(fine.err()).isZero();
            assertThat(fine.err()).isEmpty();
        }
    }

    @Test
    void shouldSayThatATokenIsWantedOrIsNotTheRightOne() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong"), "another-token-that-opens-nothing-0123456789");
        for (String command : COMMANDS) {
            CommandRun none = run(command.split(" "));
            assertThat(none.status()).as(command).isEqualTo(1);
            assertThat(none.err()).as(command).contains("wants a token: give the file that holds it with --token-file").hasLineCount(1);

            CommandRun refused = run((command + " --token-file " + wrong).split(" "));
            assertThat(refused.status()).as(command).isEqualTo(1);
            assertThat(refused.err()).as(command).contains("does not accept the token").doesNotContain("another-token").hasLineCount(1);
        }
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(Stream.concat(Stream.of(arguments),
                Stream.of("--url", server.url(), "--ca-file", keys.certificate().toString())).toArray(String[]::new));
    }
}
