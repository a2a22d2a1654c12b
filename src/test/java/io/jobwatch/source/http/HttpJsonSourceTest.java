package io.jobwatch.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.job.StatePath;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.FakeService;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import io.jobwatch.source.JobBounds;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpJsonSourceTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String STATES = "QUEUED PROCESSING FINISHED ERROR CANCELED";
    private static final String JOB = "job: {path: \"jobs/{id}\", gone: [410]}\n";
    private static final String SNAPSHOT = "list: {path: jobs, items: /jobs}\n" + JOB + HttpJson.FIELDS.formatted("");

    @Test
    void shouldReadEveryField() throws Exception {
        assertThat(snapshot("""
            {"jobs":[{"id":17,"name":"Encoding","state":"running","attempt":3,"created":"2026-11-22T10:15:30.1239Z",
              "started":"2026-11-22T12:15:31+02:00","ended":"2026-11-22T23:00:00Z","progress":42.9,"reason":"busy","queue":5}]}
            """).jobs()).containsExactly(new ObservedJob("17", Optional.of("Encoding"), 3, JobState.PROCESSING, "running",
                Optional.of("busy"), Optional.of(42), Optional.of(Instant.parse("2026-11-22T10:15:30.123Z")),
                Optional.of(Instant.parse("2026-11-22T10:15:31Z")), Optional.empty(), true, List.of(),
                Map.of("queue", "5", StatePath.STATES_ATTRIBUTE, STATES)));
    }

    @Test
    void shouldTakeWhatIsNotThereOrNullForAbsent() throws Exception {
        assertThat(snapshot("""
            {"jobs":[{"id":"a","name":null,"state":"waiting","created":"0001-01-01T00:00:00Z","started":""}]}
            """).jobs()).containsExactly(new ObservedJob("a", Optional.empty(), 1, JobState.QUEUED, "waiting", Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true, List.of(),
                Map.of(StatePath.STATES_ATTRIBUTE, STATES)));
    }

    @Test
    void shouldNotBelieveTimesThatTheStateContradicts() throws Exception {
        String times = "\"started\":\"2026-11-22T10:00:00Z\",\"ended\":\"2026-11-22T11:00:00Z\"";
        List<ObservedJob> jobs = snapshot("{\"jobs\":[{\"id\":1,\"state\":\"waiting\"," + times + "},{\"id\":2,\"state\":\"running\","
                + times + "},{\"id\":3,\"state\":\"done\"," + times + "}]}").jobs();
        assertThat(jobs).extracting(job -> job.startedAt().isPresent()).containsExactly(false, true, true);
        assertThat(jobs).extracting(job -> job.endedAt().isPresent()).containsExactly(false, false, true);
    }

    @Test
    void shouldSayOfABadItemWhatIsWrongWhere() throws Exception {
        Listing.Snapshot listing = snapshot("""
            {"jobs":[{"state":"done"},{"id":"","state":"done"},{"id":"a"},{"id":"a","state":["x"]},{"id":"a","state":"done","attempt":0},
              {"id":"a","state":"done","created":"yesterday"},{"id":"..","state":"done"},17,{"id":"a","state":"done","name":{}},
              {"id":"good","state":"done"}]}
            """);
        assertThat(listing.bad()).extracting(BadItem::reason).containsExactly(
                "id: expected the job's id at /id, found nothing",
                "id: expected the job's id at /id, found nothing",
                "state: expected a text at /state, found nothing",
                "state: expected a single value at /state, found a list",
                "attempt: expected a whole number from 1 on at /attempt, found 0",
                "created: expected a date in the form of the source's dates at /created, found \"yesterday\"",
                "id: expected one that can stand in a path, found \"..\"",
                "expected an object, found 17",
                "name: expected a single value at /name, found an object");
        assertThat(listing.jobs()).extracting(ObservedJob::jobId).containsExactly("good");
    }

    @Test
    void shouldKeepWhatAServiceSaysWithinBounds() throws Exception {
        String longText = "x".repeat(100_000);
        Listing.Snapshot listing = snapshot(("{'jobs':[{'id':'a','name':'%1$s','state':'%1$s','reason':'%1$s','queue':'%1$s'},"
                + "{'id':'%1$s','state':'done'}]}").formatted(longText).replace('\'', '"'));
        assertThat(listing.jobs()).singleElement().satisfies(job -> {
            assertThat(job.name().orElseThrow()).hasSize(Bounds.NAME_CHARS);
            assertThat(job.nativeState()).hasSize(Bounds.WORD_CHARS);
            assertThat(job.nativeReason().orElseThrow()).hasSize(Bounds.WORD_CHARS);
            assertThat(job.attributes().get("queue")).hasSize(Bounds.WORD_CHARS);
        });
        assertThat(listing.bad()).extracting(BadItem::reason).containsExactly("id: expected at most 512 characters, found 100000");
    }

    @Test
    void shouldTakeTheFirstPointerThatLeadsToAValue() throws Exception {
        String options = "list: {path: jobs, items: \"\"}\n" + JOB
                + "fields: {id: /meta/id, state: [/conclusion, /status]}\nstates: {ok: FINISHED, going: PROCESSING, default: QUEUED}\n";
        assertThat(list(options, "[{\"meta\":{\"id\":1},\"status\":\"over\",\"conclusion\":\"ok\"},"
                + "{\"meta\":{\"id\":2},\"status\":\"going\",\"conclusion\":null},{\"meta\":{\"id\":3},\"status\":\"new\"}]").jobs())
                .extracting(ObservedJob::state, ObservedJob::nativeState).containsExactly(
                        tuple(JobState.FINISHED, "ok"),
                        tuple(JobState.PROCESSING, "going"),
                        tuple(JobState.QUEUED, "new"));
    }

    @Test
    void shouldTellWhyAJobFailedWhereItHasNoTasks() throws Exception {
        String failed = "{\"id\":1,\"name\":\"a job\",\"state\":\"failed\",\"reason\":\"disk full\","
                + "\"error\":{\"code\":28,\"text\":\"ENOSPC\"}}";
        assertThat(snapshot("{\"jobs\":[" + failed + "]}").jobs().get(0).tasks()).containsExactly(new Task("1", "a job", JobState.ERROR,
                "failed", null, null, null, List.of(new ErrorDetail("failed", "disk full"))));
        String options = "list: {path: jobs, items: /jobs}\n" + JOB
                + HttpJson.FIELDS.formatted(", error: {code: /error/code, message: /error/text}");
        assertThat(list(options, "{\"jobs\":[" + failed + "]}").jobs().get(0).tasks().get(0).getErrors())
                .containsExactly(new ErrorDetail("28", "ENOSPC"));
        assertThat(snapshot("{\"jobs\":[{\"id\":1,\"state\":\"stopped\"}]}").jobs().get(0).tasks().get(0).getErrors()).isEmpty();
    }

    @Test
    void shouldReadTasksLeniently() throws Exception {
        String options = SNAPSHOT + """
            tasks:
              path: jobs/{id}/runs/{attempt}/tasks?page={page}
              items: ""
              paging: {type: page, size: 3}
              fields: {id: /id, name: /name, state: /state, started: /started, ended: /ended, progress: /progress,
                       error: {items: /errors, code: /code, message: /text}}
            """;
        try (FakeService service = new FakeService(request -> Reply.json(switch (request.target()) {
            case "/jobs" -> "{\"jobs\":[{\"id\":\"a/b c\",\"state\":\"failed\",\"attempt\":2}]}";
            case "/jobs/a%2Fb%20c/runs/2/tasks?page=1" -> """
                [{"id":1,"name":"first","state":"done","started":"2026-11-22T10:00:00Z","ended":"never","progress":"100"},
                 {"id":2,"state":"failed","errors":[{"code":"E1","text":"broken"},"plain",{"other":1}]},"no task"]
                """;
            case "/jobs/a%2Fb%20c/runs/2/tasks?page=2" -> "[{\"state\":{\"odd\":1},\"errors\":{\"code\":\"alone\"}}]";
            default -> "unexpected " + request.target();
        })); JobSource source = source(service, options)) {
            ObservedJob failed = ((Listing.Snapshot) source.list(Optional.empty())).jobs().get(0);
            assertThat(failed.detailsAvailable()).isFalse();
            assertThat(failed.tasks()).isEmpty();
            ObservedJob detailed = source.withDetails(failed);
            assertThat(detailed.detailsAvailable()).isTrue();
            assertThat(detailed.tasks()).containsExactly(
                    new Task("1", "first", JobState.FINISHED, "done", 100, Instant.parse("2026-11-22T10:00:00Z"), null, List.of()),
                    new Task("2", null, JobState.ERROR, "failed", null, null, null, List.of(new ErrorDetail("E1", "broken"),
                            new ErrorDetail("", "plain"), new ErrorDetail("", ""))),
                    new Task("", null, JobState.UNKNOWN, "", null, null, null,
                            List.of(new ErrorDetail("", "The service told this in the place of a task: \"no task\""))),
                    new Task("", null, JobState.UNKNOWN, "{\"odd\":1}", null, null, null, List.of(new ErrorDetail("alone", ""))));
        }
    }

    @Test
    void shouldSayThatTasksWereLeftOut() throws Exception {
        String options = SNAPSHOT + "tasks: {path: \"jobs/{id}/tasks\", items: \"\", fields: {id: /id, state: /state}}\n";
        String tasks = IntStream.range(0, 150).mapToObj(i -> "{\"id\":" + i + ",\"state\":\"done\"}")
                .collect(Collectors.joining(",", "[", "]"));
        try (FakeService service = new FakeService(request -> Reply.json(tasks)); JobSource source = source(service, options)) {
            ObservedJob job = new ObservedJob("a", Optional.empty(), 1, JobState.ERROR, "failed", Optional.empty(), Optional.empty(),
                    Optional.empty(), Optional.empty(), Optional.empty(), false, List.of(), Map.of());
            assertThat(source.withDetails(job).attributes()).containsKey(JobBounds.CUT_ATTRIBUTE);
        }
    }

    @Test
    void shouldLookAJobUpWhereItsItemIs() throws Exception {
        String options = "list: {path: jobs, items: /jobs}\njob: {path: \"jobs/{id}?full=true\", item: /job, gone: [410]}\n"
                + HttpJson.FIELDS.formatted("");
        AtomicReference<Reply> reply = new AtomicReference<>(Reply.json("{\"job\":{\"id\":\"a&b\",\"state\":\"done\"}}"));
        try (FakeService service = new FakeService(request -> reply.get()); JobSource source = source(service, options)) {
            assertThat(source.lookup("a&b")).isInstanceOf(Lookup.Found.class);
            assertThat(service.requests().get(0).target()).isEqualTo("/jobs/a%26b?full=true");
            reply.set(Reply.status(404, "{\"message\":\"whatever\"}"));
            assertThat(source.lookup("a&b")).isInstanceOf(Lookup.Gone.class);
            reply.set(Reply.status(410, ""));
            assertThat(source.lookup("a&b")).isInstanceOf(Lookup.Gone.class);
            reply.set(Reply.json("{\"id\":\"a&b\",\"state\":\"done\"}"));
            assertThatThrownBy(() -> source.lookup("a&b")).isInstanceOf(SourceException.class)
                    .hasMessageContaining("expected an object, found nothing");
            reply.set(Reply.json("{\"job\":{\"id\":\"other\",\"state\":\"done\"}}"));
            assertThatThrownBy(() -> source.lookup("a&b")).isInstanceOf(SourceException.class).hasMessageContaining("another job");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "."})
    void shouldNotAskForAnIdThatWouldLeadElsewhere(String id) throws Exception {
        try (FakeService service = new FakeService(request -> Reply.json("{}")); JobSource source = source(service, SNAPSHOT)) {
            assertThatThrownBy(() -> source.lookup(id)).isInstanceOf(SourceException.class).hasMessageContaining("cannot be asked for");
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void shouldAnswerUnchangedWhereTheServiceSaysSoByItsETag() throws Exception {
        String jobs = "{\"jobs\":[{\"id\":1,\"state\":\"done\"}]}";
        Function<Request, Reply> answers = request -> "W/\"v1\"".equals(request.headers().get("If-None-Match"))
                ? new Reply(304, Map.of(), "") : Reply.json(jobs).with("ETag", "W/\"v1\"");
        try (FakeService service = new FakeService(answers); JobSource source = source(service, SNAPSHOT)) {
            Listing.Snapshot first = (Listing.Snapshot) source.list(Optional.empty());
            assertThat(source.list(first.token())).isInstanceOf(Listing.Unchanged.class);
            assertThat(source.list(Optional.empty())).as("without the token").isInstanceOf(Listing.Snapshot.class);
            try (JobSource restarted = source(service, SNAPSHOT)) {
                assertThat(restarted.list(first.token())).as("after a restart, perhaps with other states")
                        .isInstanceOf(Listing.Snapshot.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no quotes", "\"a\"b\"", "\"\u00e4\""})
    void shouldNotSendAnETagBackThatIsNone(String etag) throws Exception {
        try (FakeService service = new FakeService(request -> Reply.json("{\"jobs\":[]}").with("ETag", etag));
                JobSource source = source(service, SNAPSHOT)) {
            assertThat(((Listing.Snapshot) source.list(Optional.empty())).token()).isEmpty();
        }
    }

    @Test
    void shouldNotTrustAnETagOfTheFirstOfSeveralPages() throws Exception {
        String options = SNAPSHOT.replace("items: /jobs}", "items: /jobs, paging: {type: link-header}}");
        try (FakeService service = new FakeService(request -> {
            Reply page = Reply.json("{\"jobs\":[{\"id\":\"" + request.target().length() + "\",\"state\":\"done\"}]}")
                    .with("ETag", "\"v1\"");
            return request.target().contains("?") ? page : page.with("Link", "</jobs?page=2>; rel=\"next\"");
        }); JobSource source = source(service, options)) {
            Listing.Snapshot listing = (Listing.Snapshot) source.list(Optional.empty());
            assertThat(listing.jobs()).hasSize(2);
            assertThat(listing.token()).isEmpty();
        }
    }

    @Test
    void shouldJoinTheLiveOnesWithWhatWasCreatedSince() throws Exception {
        String options = """
            reading: active-set
            active: [{path: "jobs?state=waiting", items: /jobs}, {path: "jobs?state=running", items: /jobs}]
            list: {path: jobs, items: /jobs}
            recent: {path: "jobs?created={since}", items: /jobs}
            overlap: 30s
            """ + JOB + HttpJson.FIELDS.formatted("");
        Map<String, String> answers = Map.of(
                "/jobs?state=waiting", job("moves", "waiting", "10:00:00"),
                "/jobs?state=running", job("moves", "running", "10:00:00") + "," + job("old", "running", "09:00:00"),
                "/jobs", job("all", "done", "09:59:59"),
                "/jobs?created=2026-11-22T09%3A59%3A30Z", job("short", "failed", "10:01:00"));
        try (FakeService service = new FakeService(request -> Reply.json("{\"jobs\":[" + answers.get(request.target()) + "]}")
                .with("Date", "Sun, 22 Nov 2026 11:59:00 GMT")); JobSource source = source(service, options)) {
            Listing.ActiveSet first = (Listing.ActiveSet) source.list(Optional.empty());
            assertThat(first.jobs()).extracting(job -> job.jobId() + " " + job.nativeState())
                    .containsExactly("moves running", "old running", "all done");
            assertThat(first.token()).contains("2026-11-22T10:00:00Z");
            Listing.ActiveSet second = (Listing.ActiveSet) source.list(first.token());
            assertThat(second.jobs()).extracting(ObservedJob::jobId).containsExactly("moves", "old", "short");
            assertThat(second.token()).contains("2026-11-22T10:01:00Z");
        }
    }

    @Test
    void shouldFollowAFeedByItsTimesButNotBeyondTheServicesClock() throws Exception {
        String options = """
            reading: feed
            list: {path: "jobs?changed={since}", items: /jobs}
            look-back: 1h
            overlap: 10s
            dates: epoch-seconds
            """ + JOB + HttpJson.FIELDS.formatted(", changed: /changed");
        AtomicReference<String> changed = new AtomicReference<>("1795350000.75");
        try (FakeService service = new FakeService(request -> Reply.json("{\"jobs\":[{\"id\":1,\"state\":\"done\",\"changed\":"
                + changed.get() + "}]}").with("Date", "Sun, 22 Nov 2026 12:20:01 GMT")); JobSource source = source(service, options)) {
            Optional<String> token = ((Listing.Feed) source.list(Optional.empty())).token();
            assertThat(token).contains(Instant.ofEpochMilli(1795350000750L).toString());
            changed.set("99999999999");
            token = ((Listing.Feed) source.list(token)).token();
            assertThat(token).as("a time in the future").contains("2026-11-22T12:20:01Z");
            changed.set("1");
            assertThat(((Listing.Feed) source.list(token)).token()).as("nothing new").isEqualTo(token);
            assertThat(service.requests()).extracting(Request::target).containsExactly(
                    "/jobs?changed=" + (NOW.getEpochSecond() - 3600), "/jobs?changed=1795349990",
                    "/jobs?changed=" + Instant.parse("2026-11-22T12:19:51Z").getEpochSecond());
        }
    }

    @Test
    void shouldFollowAddressesInTheBodyOnTheSameHostOnly() throws Exception {
        String options = SNAPSHOT.replace("items: /jobs}", "items: /jobs, paging: {type: token, next: /links/next}}");
        AtomicReference<String> next = new AtomicReference<>("/api/v7/jobs?after=1");
        try (FakeService service = new FakeService(request -> Reply.json("{\"jobs\":[{\"id\":\"" + request.target().length()
                + "\",\"state\":\"done\"}],\"links\":{\"next\":" + (request.target().contains("after") ? "null" : "\"" + next.get() + "\"")
                + "}}")); JobSource source = source(service, options)) {
            assertThat(((Listing.Snapshot) source.list(Optional.empty())).jobs()).hasSize(2);
            assertThat(service.requests()).extracting(Request::target).containsExactly("/jobs", "/api/v7/jobs?after=1");
            for (String other : List.of("http://127.0.0.1:1/jobs?after=1", "https://" + service.url().getAuthority() + "/jobs?after=1",
                    "//elsewhere.example/jobs?after=1", "mailto:jobs?after=1")) {
                next.set(other);
                assertThatThrownBy(() -> source.list(Optional.empty())).as(other).isInstanceOf(SourceException.class)
                        .hasMessageContaining("another host");
            }
            next.set("ht tp:///");
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("cannot be read");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"</jobs?p=2>; rel=\"next\"", "</jobs?p=2>;rel=next", "</jobs?p=9>; rel=\"last\", </jobs?p=2>; rel=\"next\"",
        "</jobs?p=2>; title=\"a, <b>; rel=\\\"x\\\"\"; rel=\"prefetch next\"", "<jobs?p=2>; REL=\"Next\""})
    void shouldUnderstandTheHeaderLinkInItsForms(String header) throws Exception {
        String options = SNAPSHOT.replace("items: /jobs}", "items: /jobs, paging: {type: link-header}}");
        try (FakeService service = new FakeService(request -> {
            Reply page = Reply.json("{\"jobs\":[{\"id\":\"" + request.target().length() + "\",\"state\":\"done\"}]}");
            return request.target().contains("p=2") ? page.with("Link", "</jobs>; rel=\"prev\", </nexts>; rel=\"nextish\"")
                    : page.with("Link", header.replace("\\\"", "'"));
        }); JobSource source = source(service, options)) {
            source.list(Optional.empty());
            assertThat(service.requests()).extracting(Request::target).containsExactly("/jobs", "/jobs?p=2");
        }
    }

    @Test
    void shouldEndAListOfEmptyPagesThatNeverEnds() throws Exception {
        String options = SNAPSHOT.replace("path: jobs, items: /jobs}",
                "path: \"jobs?t={token}\", items: /jobs, paging: {type: token, next: /next}}");
        try (FakeService service = new FakeService(request -> Reply.json("{\"jobs\":[],\"next\":\"" + System.nanoTime() + "\"}"));
                JobSource source = source(service, options)) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class).hasMessageContaining("2000 pages");
            assertThat(service.requests().get(0).target()).as("no token, no parameter").isEqualTo("/jobs");
        }
    }

    @Test
    void shouldFollowOneRedirectOnTheSameHost() throws Exception {
        try (FakeService service = new FakeService(request -> request.target().equals("/jobs")
                ? Reply.status(301, "").with("Location", "/moved") : Reply.json("{\"jobs\":[]}"));
                JobSource source = source(service, SNAPSHOT)) {
            assertThat(source.list(Optional.empty())).isInstanceOf(Listing.Snapshot.class);
        }
        try (FakeService service = new FakeService(request -> Reply.status(301, "").with("Location", "/again"));
                JobSource source = source(service, SNAPSHOT)) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("second redirect");
        }
    }

    private static String job(String id, String state, String created) {
        return "{\"id\":\"" + id + "\",\"state\":\"" + state + "\",\"created\":\"2026-11-22T" + created + "Z\"}";
    }

    private static Listing.Snapshot snapshot(String body) throws Exception {
        return list(SNAPSHOT, body);
    }

    private static Listing.Snapshot list(String options, String body) throws Exception {
        try (FakeService service = new FakeService(request -> Reply.json(body)); JobSource source = source(service, options)) {
            return (Listing.Snapshot) source.list(Optional.empty());
        }
    }

    private static JobSource source(FakeService service, String options) {
        return JobSources.create(HttpJson.config(service.url(), options), Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
