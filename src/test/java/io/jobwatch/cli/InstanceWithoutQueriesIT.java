package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.AccessToken;
import io.jobwatch.config.ConfigLoader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What polls or processes and answers no queries can be watched, too. */
class InstanceWithoutQueriesIT {
    private static final String TOKEN = "jw_" + "0123456789".repeat(4);

    @TempDir
    private Path folder;

    @Test
    void shouldTellHealthAndMetricsAtThePortForThem() throws Exception {
        URI url;
        try (Instance instance = start("query: {health-port: 0, auth: {type: bearer, tokens: [{name: ops, sha256: "
                + AccessToken.of("ops", TOKEN).sha256() + "}]}}")) {
            assertThat(instance.queryUrl()).isEmpty();
            url = instance.operationsUrl().orElseThrow();

            assertThat(get(url, "/health/live", "").statusCode()).isEqualTo(200);
            assertThat(get(url, "/health/ready", "").statusCode()).isEqualTo(200);
            assertThat(get(url, "/metrics", "").statusCode()).isEqualTo(401);
            HttpResponse<String> metrics = get(url, "/metrics", TOKEN);
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.body()).contains("jobwatch_role{role=\"process\"} 1.0", "jobwatch_role{role=\"query\"} 0.0",
                    "jobwatch_process_state{state=", "jobwatch_query_answers_seconds_count{route=\"/health/live\",status=\"200\"} 1")
                    .doesNotContain("jobwatch_view_");
            HttpResponse<String> jobs = get(url, "/api/v1/jobs", TOKEN);
            assertThat(jobs.statusCode()).isEqualTo(404);
            assertThat(jobs.body()).contains("this instance has not the role query");
        }
        assertThatThrownBy(() -> get(url, "/health/live", "")).isInstanceOf(ConnectException.class);
    }

    /** The port for queries may be that of another instance on this machine, which shares the configuration but for the roles. */
    @Test
    void shouldLeaveThePortForQueriesAlone() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Instance instance = start("query: {port: " + other.getLocalPort() + "}")) {
            assertThat(instance.operationsUrl()).isEmpty();
        }
    }

    @Test
    void shouldSayWhichSettingNamesAPortThatIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start("query: {health-port: " + other.getLocalPort() + "}"))
                    .hasMessageContaining(other.getLocalPort() + " on 127.0.0.1 is taken").hasMessageContaining("set query.health-port");
        }
    }

    private Instance start(String query) throws IOException {
        Path file = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [process]
                kafka: {embedded-port: 0}
                schema-registry: {embedded-port: 0}
                topics: {partitions: 1}
                %s
                """.formatted(folder.resolve("data"), query));
        return Instance.start(ConfigLoader.load(file, name -> null), new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC(),
                connections -> { });
    }

    private static HttpResponse<String> get(URI url, String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(30));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
