package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.QueryConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationsServerTest {
    private final AtomicBoolean ready = new AtomicBoolean();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private OperationsServer server;

    @BeforeEach
    void start() {
        server = OperationsServer.start(new QueryConfig("127.0.0.1", 0), ready::get, metrics);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String answer(String request) throws IOException {
        return RawHttp.answer(URI.create(server.url()).getPort(), request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    @Test
    void shouldBeReadyFromWhenTheInstanceIs() throws IOException {
        assertThat(answer("GET /health/live")).startsWith("HTTP/1.1 200 ").contains("{\"status\":\"UP\"}");
        assertThat(answer("GET /health/ready")).startsWith("HTTP/1.1 503 ").contains("{\"status\":\"DOWN\"}");

        ready.set(true);

        assertThat(answer("GET /health/ready")).startsWith("HTTP/1.1 200 ").contains("{\"status\":\"UP\"}");
    }

    @Test
    void shouldShowTheMetricsOfTheInstance() throws IOException {
        metrics.counter("something.of.a.role").increment();

        assertThat(answer("GET /metrics")).startsWith("HTTP/1.1 200 ").contains("something_of_a_role_total 1.0", "nosniff", "no-store");
    }

    @Test
    void shouldSayWhyThereIsNothingElse() throws IOException {
        assertThat(answer("GET /")).startsWith("HTTP/1.1 404 ").contains("this instance has not the role query: it answers /health/live");
        assertThat(answer("POST /health/live")).startsWith("HTTP/1.1 405 ");
        assertThat(answer("GET /")).contains("X-Content-Type-Options: nosniff", "Cache-Control: no-store");
    }

    @Test
    void shouldAnswerOnlyAsThisMachineWithoutTokens() throws IOException {
        assertThat(RawHttp.answer(URI.create(server.url()).getPort(), "GET /metrics HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close"
                + "\r\n\r\n")).startsWith("HTTP/1.1 421 ").contains("X-Content-Type-Options: nosniff");
    }
}
