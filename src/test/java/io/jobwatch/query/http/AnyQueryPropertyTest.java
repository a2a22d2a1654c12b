package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.Position;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class AnyQueryPropertyTest {
    private static final List<String> PATHS = List.of("/api/v1/jobs", "/api/v1/jobs/s/1", "/api/v1/jobs/s/1/report",
            "/api/v1/jobs/s/1/explain", "/api/v1/summary", "/api/v1/failures",
            "/api/v1/alerts", "/api/v1/sources", "/health/ready", "/metrics", "/openapi.json", "/");

    private static QueryServer server;

    @BeforeContainer
    static void start() {
        FakeView view = new FakeView();
        view.put(status("s", "1", JobState.ERROR, NOON).build());
        view.put(report("s", "1", NOON, "X").build());
        server = QueryServer.start(new QueryConfig("127.0.0.1", 0), TestServices.of(view),
                Clock.fixed(NOON, ZoneOffset.UTC), Duration.ofSeconds(30));
    }

    @AfterContainer
    static void stop() {
        server.close();
    }

    @Property(tries = 600, shrinking = ShrinkingMode.BOUNDED)
    void shouldTakeAnyQueryOrNameTheParameterThatIsWrong(@ForAll("paths") String path, @ForAll("queries") String query) throws Exception {
        RawHttp.Answer answer = RawHttp.get(server.port(), path + "?" + query);

        if (answer.status() != 200) {
            assertThat(answer.status()).as("%s?%s: %s", path, query, answer).isEqualTo(400);
            assertThat(answer.head()).contains("application/problem+json");
            assertThat(answer.json().hasNonNull("parameter")).as("%s?%s: %s", path, query, answer).isTrue();
            assertThat(answer.json().get("allowed").asText()).isNotEmpty();
        }
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(PATHS);
    }

    @Provide
    Arbitrary<String> queries() {
        Arbitrary<String> names = Arbitraries.oneOf(Arbitraries.of("source", "account", "state", "name", "changedSince", "limit", "cursor",
                "attempt", "wait", "sequence", "since", "code", "active", "kind", "", "Limit", "limit%20"), noise(6));
        Arbitrary<String> values = Arbitraries.oneOf(noise(12), Arbitraries.of("1", "0", "-1", "500", "501", "2147483648", "1e3", "%31",
                "QUEUED", "ERROR", "true", "STUCK", "0s", "999999999d", "1ms", "2026-11-22T10:15:30Z", "%2B999999999-12-31T23:59:59Z",
                "-999999999-01-01T00:00:00%2B18:00", "2026-11-22T24:00:00Z", "AAAAAAAAAAAA", "%F0%9F%98%80", "%00", "%ED%A0%80",
                new Position(Instant.ofEpochMilli(Long.MIN_VALUE), "s/1").toCursor(),
                new Position(Instant.ofEpochMilli(Long.MAX_VALUE), "s/1").toCursor()));
        Arbitrary<String> pairs = Combinators.combine(names, Arbitraries.of("=", "=", "=", "", "=="), values)
                .as((name, equals, value) -> name + equals + (equals.isEmpty() ? "" : value));
        return pairs.list().ofMaxSize(4).map(list -> String.join("&", list));
    }

    /** Of all that may stand in the query of a request line. */
    private static Arbitrary<String> noise(int max) {
        return Arbitraries.strings().withCharRange('!', '~').excludeChars('#', '&').ofMaxLength(max);
    }
}
