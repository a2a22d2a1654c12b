package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.query.FakeView;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TestTopics;
import io.jobwatch.topology.Explainer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Explanations over HTTP, of observations on a real broker. */
@Timeout(120)
class ExplainIT {
    private static final StateMachine MACHINE = new StateMachine(Duration.ofDays(7));

    private final long start = System.currentTimeMillis() - 100_000;
    private final FakeView view = new FakeView();
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldExplainWhatBecameOfEachObservationAndSayWhenTheBrokerIsOut(@TempDir Path folder) throws Exception {
        try (TestTopics topics = new TestTopics(folder)) {
            Explainer explainer = new Explainer(topics.kafkaProps(), topics.names(), topics.schemas(), MACHINE, new EventHeaders("test"),
                    new Explainer.Limits(Duration.ofSeconds(3), 100, 1 << 20));
            List<JobStateEvent> events = List.of(event(JobState.QUEUED, 0), event(JobState.PROCESSING, 1), event(JobState.SCHEDULED, 2),
                    event(JobState.ERROR, 3));
            topics.send(events.stream().map(event -> topics.record(topics.names().jobStateEvents(), key().toString(), event)).toList());
            view.put(statusAfter(events));
            try (QueryServer server = QueryServer.start(new QueryConfig("127.0.0.1", 0),
                    TestServices.of(view, explainer::explain))) {
                shouldExplain(get(server, "/api/v1/jobs/encoder-eu/a%2Fb/explain"), topics.names().jobStateEvents());
                assertThat(get(server, "/api/v1/jobs/encoder-eu/nobody/explain").statusCode()).isEqualTo(404);

                topics.stopBroker();
                HttpResponse<String> outage = get(server, "/api/v1/jobs/encoder-eu/a%2Fb/explain");

                assertThat(outage.statusCode()).as(outage.body()).isEqualTo(503);
                assertThat(outage.headers().firstValue("Content-Type")).contains("application/problem+json");
                assertThat(outage.headers().firstValue("Retry-After")).contains("10");
                topics.startBroker();
            }
        }
    }

    private static void shouldExplain(HttpResponse<String> answer, String topic) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode explanation = new ObjectMapper().readTree(answer.body());
        assertThat(explanation.get("source").asText()).isEqualTo("encoder-eu");
        assertThat(explanation.get("jobId").asText()).isEqualTo("a/b");
        assertThat(explanation.get("topic").asText()).isEqualTo(topic);
        assertThat(explanation.get("complete").asBoolean()).isTrue();
        assertThat(explanation.get("notes")).isEmpty();
        assertThat(explanation.get("readTo")).isEqualTo(explanation.get("endOffset"));
        assertThat(explanation.get("observations")).extracting(seen -> seen.at("/decision/type").asText())
                .containsExactly("CHANGED", "CHANGED", "DROPPED", "CHANGED");
        assertThat(explanation.at("/observations/1/decision/kind").asText()).isEqualTo("ADVANCED");
        assertThat(explanation.at("/observations/1/decision/previousState").asText()).isEqualTo("QUEUED");
        assertThat(explanation.at("/observations/1/decision/currentState").asText()).isEqualTo("PROCESSING");
        assertThat(explanation.at("/observations/1/decision/skippedStates").toString()).isEqualTo("[\"SCHEDULED\"]");
        assertThat(explanation.at("/observations/1/decision/sequence").asInt()).isEqualTo(2);
        JsonNode stale = explanation.at("/observations/2");
        assertThat(stale.at("/decision/reason").asText()).isEqualTo("BACKWARD");
        assertThat(stale.at("/decision/kept").asBoolean()).isTrue();
        assertThat(stale.at("/seen/state").asText()).isEqualTo("SCHEDULED");
        assertThat(stale.get("certain").asBoolean()).isTrue();
        assertThat(stale.get("why").asText()).contains("a stale read, nothing moves backward");
    }

    private HttpResponse<String> get(QueryServer server, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JobStateEvent event(JobState state, int second) {
        return JobEvents.event("a/b", state, start + second * 1_000L);
    }

    private static JobKey key() {
        return new JobKey(JobEvents.SOURCE, "a/b");
    }

    private static JobStatus statusAfter(List<JobStateEvent> events) {
        JobStatus status = null;
        for (JobStateEvent event : events) {
            Outcome outcome = MACHINE.apply(status, event);
            status = outcome instanceof Outcome.Changed changed ? changed.status()
                    : ((Outcome.Dropped) outcome).status().orElse(status);
        }
        return status;
    }
}
