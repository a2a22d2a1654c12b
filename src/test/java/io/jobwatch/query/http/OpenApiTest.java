package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.source;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.AccessToken;
import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.event.TransitionKind;
import io.jobwatch.job.DropReason;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.ViewUnavailableException;
import io.jobwatch.query.stream.TransitionFilter;
import io.jobwatch.query.stream.TransitionReader;
import io.jobwatch.query.stream.UnknownPositionException;
import io.jobwatch.registry.FilledRecords;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topology.BadRecordException;
import io.jobwatch.topology.Decision;
import io.jobwatch.topology.ExplainedObservation;
import io.jobwatch.topology.Explanation;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The document and the server promise the same, and the server keeps it. */
@Timeout(120)
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "jw_0123456789012345678901234567890123456789012";
    private static final String JOB = "nb:jid:UUID:1";
    private static final FakeView VIEW = new FakeView();

    private static QueryServer open;
    private static QueryServer guarded;
    private static OpenApiContract contract;
    private static final HttpClient client = HttpClient.newHttpClient();

    /** An answer, whose body is null if it has no end. */
    private record Answer(int status, Map<String, String> headers, String body) {
    }

    @BeforeAll
    static void start() throws Exception {
        open = start(new QueryAuth.None());
        guarded = start(new QueryAuth.Bearer(List.of(AccessToken.of("ops", TOKEN))));
        contract = new OpenApiContract(get(open, "/openapi.json").body());
    }

    @AfterAll
    static void stop() {
        open.close();
        guarded.close();
    }

    private static QueryServer start(QueryAuth auth) {
        return QueryServer.start(new QueryConfig("127.0.0.1", 0, auth, Optional.empty(), false),
                new Services(VIEW, OpenApiTest::explain, OpenApiTest::stream, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                Clock.fixed(NOON, ZoneOffset.UTC), Duration.ofSeconds(30));
    }

    private static Explanation explain(JobKey job, Optional<JobStatus> status) {
        if (job.jobId().equals("out")) {
            throw new TopicException("the cluster does not answer");
        }
        List<Decision> decisions = new ArrayList<>(List.of(
                new Decision.Changed(TransitionKind.DISCOVERED, Optional.empty(), JobState.QUEUED, List.of(), OptionalLong.of(1), NOON),
                new Decision.Changed(TransitionKind.ADVANCED, Optional.of(JobState.QUEUED), JobState.PROCESSING,
                        List.of(JobState.SCHEDULED), OptionalLong.empty(), NOON),
                new Decision.Refreshed(), new Decision.Unknown()));
        Arrays.stream(DropReason.values()).forEach(reason -> decisions.add(new Decision.Dropped(reason, true)));
        Arrays.stream(BadRecordException.Reason.values()).forEach(reason -> decisions.add(new Decision.DeadLetter(reason)));
        List<ExplainedObservation> observations = job.jobId().equals(JOB) ? decisions.stream().map(OpenApiTest::observation).toList()
                : List.of();
        return new Explanation(job, "jobwatch.job-state-events", 1, 2, 3, 4 - (status.isEmpty() ? 1 : 0), observations, 0, false);
    }

    /** Says one thing, and ends. */
    private static TransitionReader stream(TransitionFilter filter, Optional<String> lastEventId, Runnable wakeUp) {
        if (!VIEW.ready()) {
            throw new ViewUnavailableException("the stream has not reached the topic");
        }
        if (lastEventId.isPresent()) {
            throw new UnknownPositionException("it is no id of this stream");
        }
        return new TransitionReader() {
            private boolean said;

            @Override
            public synchronized Optional<byte[]> next() {
                boolean first = !said;
                said = true;
                return first ? Optional.of("id: 1\n\n".getBytes(StandardCharsets.UTF_8)) : Optional.empty();
            }

            @Override
            public synchronized boolean ended() {
                return said;
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }

    private static ExplainedObservation observation(Decision decision) {
        boolean readable = !(decision instanceof Decision.DeadLetter);
        return new ExplainedObservation("jobwatch.job-state-events", 1, 2, readable ? Optional.of(NOON) : Optional.empty(),
                readable ? Optional.of((JobStateEvent) FilledRecords.filled(JobStateEvent.getClassSchema())) : Optional.empty(), decision,
                readable, "because");
    }

    /** One job, report and source with every field filled, others with as little as can be. */
    private static void fill() {
        VIEW.clear();
        JobStatus status = (JobStatus) FilledRecords.filled(JobStatus.getClassSchema());
        status.setSource("encoder-eu");
        status.setJobId(JOB);
        VIEW.put(status);
        JobErrorReport report = (JobErrorReport) FilledRecords.filled(JobErrorReport.getClassSchema());
        report.setSource("encoder-eu");
        report.setJobId(JOB);
        report.setAttempt(1);
        report.setState(JobState.ERROR);
        VIEW.put(report);
        VIEW.put((JobAlert) FilledRecords.filled(JobAlert.getClassSchema()));
        VIEW.put((SourceStatus) FilledRecords.filled(SourceStatus.getClassSchema()));
        VIEW.put(source("encoder-eu").build());
        VIEW.put(report("s", "2", NOON, "X", "").setJobName(null).build());
        for (JobState state : JobState.values()) {
            VIEW.put(status("s", state.name(), state, NOON).setJobName(null).build());
        }
    }

    @Test
    void shouldDocumentEveryRouteAndServeWhatIsDocumented() {
        Set<String> documented = new TreeSet<>();
        contract.document().get("paths").fieldNames().forEachRemaining(documented::add);
        // The console's page and files are for browsers.
        Set<String> served = open.paths().stream().filter(path -> !path.matches("/|.*\\.(html|css|js|svg|png|ico|woff2)"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(served);
    }

    @Test
    void shouldGiveOnlyAnswersThatAreDocumentedAndAllThatAre() throws Exception {
        for (Duration lag : List.of(Duration.ofMillis(250), Duration.ofMinutes(1))) {
            fill();
            VIEW.setLag(lag);
            for (String path : served()) {
                check(open, path, filled(path));
                check(open, path, filled(path) + "?garbage=%00&limit=x");
                check(guarded, path, filled(path));
                check(guarded, path, filled(path), "Authorization", "Bearer " + TOKEN);
                check(open, path, filled(path), "Accept", "application/json");
                check(open, path, filled(path), "Last-Event-ID", "1");
                check(open, path, filled(path, "nowhere"));
                check(open, path, filled(path, "out"));
                checkMethod(path);
                VIEW.setReady(false);
                check(open, path, filled(path));
                VIEW.setReady(true);
            }
            VIEW.clear();
            for (String path : served()) {
                VIEW.setLag(lag);
                check(open, path, filled(path));
            }
        }

        assertThat(contract.unseen()).isEmpty();
    }

    @Test
    void shouldTakeTheParametersThatAreDocumentedAndNoOthers() throws Exception {
        fill();
        for (String path : served()) {
            Set<String> known = new HashSet<>();
            StringBuilder query = new StringBuilder();
            for (JsonNode parameter : parameters(path)) {
                String name = parameter.get("name").asText();
                if (!parameter.get("in").asText().equals("query")) {
                    continue;
                }
                known.add(name);
                JsonNode example = parameter.path("example");
                (example.isArray() ? StreamSupport.stream(example.spliterator(), false) : Stream.of(example))
                        .filter(value -> !value.isMissingNode())
                        .forEach(value -> query.append('&').append(name).append('=').append(encode(value.asText())));
                for (String bad : bad(contract.resolve(parameter.get("schema")))) {
                    JsonNode problem = JSON.readTree(get(open, filled(path) + "?" + name + "=" + encode(bad)).body());
                    assertThat(problem.path("parameter").asText()).as("%s?%s=%s: %s", path, name, bad, problem).isEqualTo(name);
                }
            }
            assertThat(get(open, filled(path) + "?" + query).status()).as("%s?%s", path, query).isEqualTo(200);
            if (path.startsWith("/api/")) {
                JsonNode problem = JSON.readTree(get(open, filled(path) + "?unheard-of=1").body());
                String allowed = problem.path("allowed").asText();
                assertThat(allowed.equals("none here") ? Set.of() : Set.of(allowed.split(", "))).as("%s: %s", path, problem)
                        .isEqualTo(known);
            }
        }
    }

    /** The meta-schema of OpenAPI is on no repository that the build reads, so what tools stumble over is checked here. */
    @Test
    void shouldBeAWellFormedDocument() {
        JsonNode document = contract.document();
        assertThat(document.get("openapi").asText()).isEqualTo("3.1.0");
        assertThat(document.at("/info/title").asText()).isNotEmpty();
        Set<String> operations = new HashSet<>();
        Set<String> referred = new HashSet<>();
        document.findValues("$ref").forEach(ref -> {
            assertThat(document.at(ref.asText().substring(1)).isMissingNode()).as(ref.asText()).isFalse();
            referred.add(ref.asText());
        });
        document.get("paths").properties().forEach(path -> {
            JsonNode get = path.getValue().get("get");
            assertThat(path.getValue()).as("only GET").hasSize(1);
            assertThat(operations.add(get.get("operationId").asText())).as(get.get("operationId").asText()).isTrue();
            assertThat(get.get("summary").asText()).isNotEmpty();
            Set<String> inPath = new HashSet<>();
            for (JsonNode parameter : parameters(path.getKey())) {
                assertThat(parameter.hasNonNull("schema")).isTrue();
                if (parameter.get("in").asText().equals("path")) {
                    inPath.add("{" + parameter.get("name").asText() + "}");
                    assertThat(parameter.get("required").asBoolean()).isTrue();
                }
            }
            assertThat(inPath).isEqualTo(Arrays.stream(path.getKey().split("/")).filter(part -> part.startsWith("{"))
                    .collect(Collectors.toSet()));
            get.get("responses").forEach(response ->
                    assertThat(contract.resolve(response).get("description").asText()).isNotEmpty());
        });
        document.get("components").properties().forEach(kind -> kind.getValue().fieldNames().forEachRemaining(name -> {
            String ref = "#/components/" + kind.getKey() + "/" + name;
            boolean named = kind.getKey().equals("securitySchemes") || name.equals("Gap") || name.equals("JobTransition");
            assertThat(named || referred.contains(ref)).as("%s is used", ref).isTrue();
        }));
        document.at("/components/schemas").properties().forEach(schema ->
                assertThat(contract.problemsOf(schema.getValue())).as(schema.getKey()).isEmpty());
        assertThat(document.toString()).doesNotContainIgnoringCase("javalin").doesNotContainIgnoringCase("jetty");
    }

    /** The texts are those of the schemas of the topics, where a time is a number. */
    @Test
    void shouldNotCallTimesMillisecondsThatAreTextInJson() {
        JsonNode times = contract.document().at("/components/schemas/JobStatus/properties");
        assertThat(times.at("/observedAt/format").asText()).isEqualTo("date-time");
        assertThat(times.at("/observedAt/description").asText()).contains("UTC").doesNotContain("milliseconds");
        assertThat(contract.document().at("/components/schemas").findValuesAsText("description")).noneMatch(text ->
                text.contains("UTC milliseconds"));
    }

    private static List<String> served() {
        List<String> paths = new ArrayList<>();
        contract.document().get("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    private static List<JsonNode> parameters(String path) {
        JsonNode parameters = contract.document().get("paths").get(path).at("/get/parameters");
        return StreamSupport.stream(parameters.spliterator(), false).map(contract::resolve).toList();
    }

    private static List<String> bad(JsonNode schema) {
        if (schema.has("items")) {
            return List.of("unheard-of", "queued");
        }
        if (schema.has("minimum") || schema.has("enum") || schema.has("anyOf") || schema.path("type").asText().equals("boolean")) {
            List<String> bad = new ArrayList<>(List.of("unheard-of", "1.5", "99999999999999999999"));
            if (schema.has("minimum")) {
                bad.add(Long.toString(schema.get("minimum").asLong() - 1));
            }
            if (schema.has("maximum")) {
                bad.add(Long.toString(schema.get("maximum").asLong() + 1));
            }
            return bad;
        }
        return List.of();
    }

    private static String filled(String path) {
        return filled(path, JOB);
    }

    private static String filled(String path, String jobId) {
        return path.replace("{source}", "encoder-eu").replace("{jobId}", encode(jobId));
    }

    private static void check(QueryServer server, String path, String request, String... headers) throws Exception {
        Answer answer = get(server, request, headers);
        contract.check(path, answer.status(), answer.headers(), answer.body());
    }

    private static void checkMethod(String path) throws Exception {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(open.url() + filled(path)))
                .POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
        contract.check(path, answer.statusCode(), headers(answer), answer.body());
    }

    private static Answer get(QueryServer server, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            boolean endless = answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
            return new Answer(answer.statusCode(), headers(answer),
                    endless ? null : new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Map<String, String> headers(HttpResponse<?> answer) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        answer.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        return headers;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
