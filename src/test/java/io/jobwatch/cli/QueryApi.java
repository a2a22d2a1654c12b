package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Asks the query role of a jobwatch on this machine. */
final class QueryApi {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final Optional<String> token;

    QueryApi(int port) {
        this(port, Optional.empty());
    }

    /** @param token shown with each question */
    QueryApi(int port, Optional<String> token) {
        this.port = port;
        this.token = token;
    }

    int port() {
        return port;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(LONGEST);
        token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** {@return the answer, which must be a 200} */
    JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }

    /** {@return how many polls of the source have succeeded since the start} */
    double successfulPolls(String source) throws IOException, InterruptedException {
        String series = "jobwatch_poll_seconds_count{outcome=\"success\",source=\"" + source + "\"} ";
        return get("/metrics").body().lines().filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length()))).findAny().orElseThrow();
    }
}
