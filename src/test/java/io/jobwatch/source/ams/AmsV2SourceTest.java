package io.jobwatch.source.ams;

import static io.jobwatch.source.ams.ScriptedService.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.JobBounds;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AmsV2SourceTest {

    private static final String FIRST = "/api/Jobs?$top=1000&$skip=0";
    private static final String SECOND = "/api/Jobs?$top=1000&$skip=1000";
    private static final String THIRD = "/api/Jobs?$top=1000&$skip=2000";
    private static final String BUNNY = "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1";
    private static final String TASKS = "/api/Jobs('" + BUNNY + "')/Tasks?$top=1000&$skip=0";

    private final ScriptedService service = new ScriptedService();

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void shouldReadJobsOfTheLightShape() throws Exception {
        service.on(FIRST, fixture("jobs-light.json"));
        List<ObservedJob> jobs = list().jobs();
        assertThat(jobs).hasSize(4);
        assertThat(jobs.get(0)).isEqualTo(new ObservedJob(BUNNY, Optional.of("Encoding BigBuckBunny"), 1, JobState.PROCESSING, "Processing",
                Optional.empty(), Optional.empty(), Optional.of(Instant.parse("2015-02-11T01:46:08.897Z")),
                Optional.of(Instant.parse("2015-02-11T01:46:16.580Z")), Optional.empty(), false, List.of(),
                Map.of("LastModified", "2015-02-11T01:46:08.897", "Priority", "0")));
        assertThat(jobs.get(1).state()).isEqualTo(JobState.ERROR);
        assertThat(jobs.get(1).endedAt()).contains(Instant.parse("2015-02-11T01:44:10.123Z"));
        assertThat(jobs.get(1).attributes()).containsEntry("TemplateId", "nb:jtid:UUID:1");
    }

    @Test
    void shouldNotBelieveTimesThatTheStateContradicts() throws Exception {
        service.on(FIRST, fixture("jobs-light.json"));
        ObservedJob queued = list().jobs().get(2);
        assertThat(queued.state()).isEqualTo(JobState.QUEUED);
        assertThat(queued.startedAt()).isEmpty();
        assertThat(queued.endedAt()).isEmpty();
        assertThat(queued.name()).isEmpty();
    }

    @Test
    void shouldKeepTheNumberOfAStateThatIsNotKnown() throws Exception {
        service.on(FIRST, fixture("jobs-light.json"));
        assertThat(list().jobs().get(3)).satisfies(job -> {
            assertThat(job.state()).isEqualTo(JobState.UNKNOWN);
            assertThat(job.nativeState()).isEqualTo("42");
        });
    }

    @Test
    void shouldMapEveryStateOfTheService() {
        assertThat(IntStream.rangeClosed(0, 6).mapToObj(AmsStates::state)).containsExactly(JobState.QUEUED, JobState.SCHEDULED,
                JobState.PROCESSING, JobState.FINISHED, JobState.ERROR, JobState.CANCELED, JobState.CANCELING);
        assertThat(IntStream.rangeClosed(0, 6).mapToObj(AmsStates::nativeName)).containsExactly("Queued", "Scheduled", "Processing",
                "Finished", "Error", "Canceled", "Canceling");
        assertThat(AmsStates.state(-1)).isEqualTo(JobState.UNKNOWN);
        assertThat(AmsStates.nativeName(7)).isEqualTo("7");
    }

    @Test
    void shouldReadTheVerboseShapesToo() throws Exception {
        service.on(FIRST, fixture("jobs-verbose.json"));
        ObservedJob job = list().jobs().get(0);
        assertThat(job.jobId()).isEqualTo(BUNNY);
        assertThat(job.createdAt()).contains(Instant.parse("2015-02-11T01:46:08.897Z"));
        service.on(FIRST, "{\"d\":[{\"Id\":\"a\",\"State\":1}]}");
        assertThat(list().jobs()).extracting(ObservedJob::jobId).containsExactly("a");
        service.on(TASKS, fixture("tasks-verbose.json"));
        assertThat(withDetails(job).tasks().get(0).getErrors())
                .containsExactly(new ErrorDetail("ErrorProcessingTask", "the input is malformed"));
    }

    @Test
    void shouldSendTheHeadersOfTheProtocol() throws Exception {
        service.on(FIRST, page(0, 1));
        list();
        assertThat(service.headersOf(0)).containsEntry("Accept", "application/json").containsEntry("x-ms-version", "2.19")
                .containsEntry("DataServiceVersion", "3.0").containsEntry("MaxDataServiceVersion", "3.0")
                .containsEntry("Authorization", "Bearer t0ken");
    }

    @Test
    void shouldReadAllPages() throws Exception {
        service.on(FIRST, page(0, 1000)).on(SECOND, page(1000, 2000)).on(THIRD, page(2000, 2500));
        assertThat(list().jobs()).hasSize(2500).extracting(ObservedJob::jobId).doesNotHaveDuplicates();
        assertThat(service.requests()).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void shouldAskOnceMoreAfterAPageThatIsJustFull() throws Exception {
        service.on(FIRST, page(0, 1000)).on(SECOND, page(1000, 1000));
        assertThat(list().jobs()).hasSize(1000);
        assertThat(service.requests()).containsExactly(FIRST, SECOND);
    }

    @Test
    void shouldGoOnAfterAShortPageThatNamesANextOne() throws Exception {
        service.on(FIRST, page(0, 100).replace("\"value\"", "\"odata.nextLink\":\"Jobs?$skip=100\",\"value\""))
                .on("/api/Jobs?$top=1000&$skip=100", page(100, 130));
        assertThat(list().jobs()).hasSize(130);
    }

    @Test
    void shouldFailTheListingWhenAPageFails() {
        service.on(FIRST, page(0, 1000)).on(THIRD, page(2000, 2500))
                .on(SECOND, 503, Map.of("Retry-After", "12"), "{\"odata.error\":{\"message\":{\"value\":\"Server is busy\"}}}");
        SourceException failure = catchThrowableOfType(SourceException.class, this::list);
        assertThat(failure).hasMessage("GET " + service.url() + "/api/Jobs: HTTP 503: Server is busy");
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(12));
    }

    @Test
    void shouldFailTheListingWhenAPageIsCutWithinItsJson() {
        service.on(FIRST, "{\"value\":[{\"Id\":\"a\",\"State\":1}");
        assertThatThrownBy(this::list).isInstanceOf(SourceException.class).hasMessageContaining("not valid JSON");
        service.on(FIRST, "{\"value\":[{\"Id\":\"a\",\"State\":1}]");
        assertThatThrownBy(this::list).isInstanceOf(SourceException.class).hasMessageContaining("not valid JSON");
    }

    @Test
    void shouldFailTheListingWhenThereIsNoListInTheAnswer() {
        for (String body : List.of("{}", "[]", "null", "{\"value\":{}}", "{\"d\":{\"value\":[]}}", "{\"results\":[]}")) {
            service.on(FIRST, body);
            assertThatThrownBy(this::list).as(body).isInstanceOf(SourceException.class).hasMessageContaining("no list of entities");
        }
    }

    @Test
    void shouldKeepTheLaterReadingOfAJobThatMovedToTheNextPage() throws Exception {
        service.on(FIRST, page(0, 1000)).on(SECOND, "{\"value\":[{\"Id\":\"job-999\",\"State\":3},{\"Id\":\"new\",\"State\":0}]}");
        List<ObservedJob> jobs = list().jobs();
        assertThat(jobs).hasSize(1001);
        assertThat(jobs).filteredOn(job -> job.jobId().equals("job-999")).singleElement()
                .extracting(ObservedJob::state).isEqualTo(JobState.FINISHED);
    }

    @Test
    void shouldFailWhenTheServiceRepeatsAPageForEver() {
        service.on(FIRST, page(0, 1000)).on(SECOND, page(0, 1000));
        assertThatThrownBy(this::list).isInstanceOf(SourceException.class).hasMessageContaining("ignore $skip");
    }

    @Test
    void shouldHandOnBadItemsAsTheyWereSentAndReadTheOthers() throws Exception {
        service.on(FIRST, fixture("jobs-with-bad-items.json"));
        Listing.Snapshot listing = list();
        assertThat(listing.jobs()).extracting(ObservedJob::jobId).containsExactly("nb:jid:UUID:1", "nb:jid:UUID:9");
        assertThat(listing.bad()).extracting(BadItem::reason).containsExactly(
                "Id: expected the job's id, found none",
                "Id: expected a text, found 4711",
                "Name: expected a text, found a list",
                "State: expected a whole number, found the text \"Processing\"",
                "State: expected a whole number, found 2.5",
                "Created: expected a date, found \"yesterday\"",
                "StartTime: expected a text, found 17",
                "expected an object, found the text \"not even an object\"",
                "Id: expected the job's id, found none",
                "Id: expected text, found half a surrogate pair in it",
                "State: expected a whole number, found none");
        assertThat(raw(listing.bad().get(0))).isEqualTo("{\"Name\":\"Encoding without an id\",\"State\":2}");
        assertThat(raw(listing.bad().get(9))).isEqualTo("{\"Id\":\"nb:jid:UUID:7 \\ud800\",\"State\":2}");
        assertThat(raw(listing.bad().get(7))).isEqualTo("\"not even an object\"");
    }

    @Test
    void shouldNeverCutAnIdButRefuseOneThatIsTooLong() throws Exception {
        String fits = "x".repeat(Bounds.JOB_ID_CHARS);
        service.on(FIRST, "{\"value\":[{\"Id\":\"" + fits + "\",\"State\":1},{\"Id\":\"" + fits + "y\",\"State\":1}]}");
        Listing.Snapshot listing = list();
        assertThat(listing.jobs()).extracting(ObservedJob::jobId).containsExactly(fits);
        assertThat(listing.bad()).singleElement().extracting(BadItem::reason).isEqualTo("Id: expected at most 512 characters, found 513");
    }

    @Test
    void shouldCutANameThatIsTooLong() throws Exception {
        service.on(FIRST, "{\"value\":[{\"Id\":\"a\",\"State\":1,\"Name\":\"" + "n".repeat(5000) + "\"}]}");
        assertThat(list().jobs().get(0).name().orElseThrow()).hasSize(Bounds.NAME_CHARS).endsWith("… (cut, 5000 characters in all)");
    }

    @Test
    void shouldFollowTheRedirectOfARootOnceAndKeepTheAccountsAddress() throws Exception {
        service.on("/Jobs?$top=1000&$skip=0", 301, Map.of("Location", service.url() + "/api/"), "")
                .on(FIRST, page(0, 2)).on("/api/Jobs('job-1')", "{\"Id\":\"job-1\",\"State\":2}");
        try (JobSource source = source(service.url())) {
            source.list(Optional.empty());
            source.list(Optional.empty());
            assertThat(source.lookup("job-1")).isInstanceOf(Lookup.Found.class);
        }
        assertThat(service.requests()).containsExactly("/Jobs?$top=1000&$skip=0", FIRST, FIRST, "/api/Jobs('job-1')");
    }

    @Test
    void shouldUnderstandARedirectToTheResourceItself() throws Exception {
        service.on("/Jobs?$top=1000&$skip=0", 301, Map.of("Location", "/api/Jobs?$top=1000&$skip=0"), "").on(FIRST, page(0, 2));
        try (JobSource source = source(service.url())) {
            assertThat(((Listing.Snapshot) source.list(Optional.empty())).jobs()).hasSize(2);
        }
    }

    @Test
    void shouldNotFollowRedirectsInACircle() throws Exception {
        service.on("/Jobs?$top=1000&$skip=0", 301, Map.of("Location", "/api/"), "").on(FIRST, 301, Map.of("Location", "/"), "");
        try (JobSource source = source(service.url())) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("second redirect");
        }
        assertThat(service.requests()).hasSize(2);
    }

    @Test
    void shouldAskTheConfiguredAddressAgainWhenTheAccountMovesOn() throws Exception {
        String root = "/Jobs?$top=1000&$skip=0";
        service.on(root, 301, Map.of("Location", "/api/"), "").on(FIRST, page(0, 2));
        try (JobSource source = source(service.url())) {
            source.list(Optional.empty());
            service.on(root, 301, Map.of("Location", "/new/"), "").on("/new/Jobs?$top=1000&$skip=0", page(0, 3))
                    .on(FIRST, 301, Map.of("Location", "http://elsewhere.invalid/"), "");
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("another host");
            assertThat(((Listing.Snapshot) source.list(Optional.empty())).jobs()).hasSize(3);
        }
    }

    @Test
    void shouldFindAJobByItsId() throws Exception {
        service.on("/api/Jobs('" + BUNNY + "')", fixture("job.json"));
        assertThat(lookup(BUNNY)).isInstanceOfSatisfying(Lookup.Found.class, found -> {
            assertThat(found.job().state()).isEqualTo(JobState.FINISHED);
            assertThat(found.job().endedAt()).contains(Instant.parse("2015-02-11T01:47:16.580Z"));
        });
        service.on("/api/Jobs('v')", "{\"d\":{\"Id\":\"v\",\"State\":6}}");
        assertThat(lookup("v")).isInstanceOfSatisfying(Lookup.Found.class,
                found -> assertThat(found.job().state()).isEqualTo(JobState.CANCELING));
    }

    @Test
    void shouldEncodeEveryIdIntoThePath() throws Exception {
        String hostile = "it's 100% a+b ü?x=1#y";
        service.on("/api/Jobs('it''s 100% a+b ü?x=1#y')", "{\"Id\":\"" + hostile + "\",\"State\":1}");
        assertThat(lookup(hostile)).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void shouldTellThatAJobIsGoneOnlyWhenTheServiceSaysSo() throws Exception {
        assertThat(lookup("nobody")).isEqualTo(new Lookup.Gone());
        service.on("/api/Jobs('a')", 500, Map.of(), "").on("/api/Jobs('b')", 401, Map.of(), "").on("/api/Jobs('c')", "{}")
                .on("/api/Jobs('d')", "{\"Id\":\"other\",\"State\":1}");
        for (String id : List.of("a", "b", "c", "d")) {
            assertThatThrownBy(() -> lookup(id)).as(id).isInstanceOf(SourceException.class);
        }
    }

    @Test
    void shouldReadTheTasksAndErrorsOfAJob() throws Exception {
        service.on(FIRST, fixture("jobs-light.json")).on(TASKS, fixture("tasks.json"));
        ObservedJob listed = list().jobs().get(0);
        ObservedJob detailed = withDetails(listed);
        assertThat(detailed.detailsAvailable()).isTrue();
        assertThat(detailed.progress()).contains(45);
        assertThat(detailed.attributes()).isEqualTo(listed.attributes());
        assertThat(detailed.tasks()).extracting(Task::getTaskId).containsExactly("nb:tid:UUID:1", "nb:tid:UUID:2", "nb:tid:UUID:3");
        assertThat(detailed.tasks().get(1)).isEqualTo(new Task("nb:tid:UUID:2", "Adaptive Bitrate", JobState.ERROR, "Error", 35,
                Instant.parse("2015-02-11T01:42:00Z"), Instant.parse("2015-02-11T01:44:10.120Z"), List.of(
                        new ErrorDetail("ErrorProcessingTask", "the input is malformed"),
                        new ErrorDetail("TransientError", "line one\nline \"two\" – Übertragung"))));
        assertThat(detailed.tasks().get(2).getName()).isNull();
        assertThat(detailed.tasks().get(2).getStartedAt()).isNull();
    }

    @Test
    void shouldReadErrorsEvenOfTasksThatAreTheServicesMistake() throws Exception {
        service.on(TASKS, "{\"value\":[{\"State\":\"Broken\",\"Progress\":\"half\",\"StartTime\":5,\"EndTime\":\"?\",\"ErrorDetails\":["
                + "{\"Message\":17},\"plain\",{\"Code\":null,\"Message\":{\"a\":1}}]},\"oops\"]}");
        List<Task> tasks = withDetails(job(BUNNY)).tasks();
        assertThat(tasks.get(0)).isEqualTo(new Task("", null, JobState.UNKNOWN, "Broken", null, null, null, List.of(
                new ErrorDetail("", "17"), new ErrorDetail("", "plain"), new ErrorDetail("", "{\"a\":1}"))));
        assertThat(tasks.get(1).getErrors().get(0).getMessage()).endsWith("oops");
    }

    @Test
    void shouldFailWhenTheTasksCannotBeRead() {
        assertThatThrownBy(() -> withDetails(job(BUNNY))).isInstanceOf(SourceException.class).hasMessageContaining("HTTP 404");
        service.on(TASKS, 500, Map.of(), "");
        assertThatThrownBy(() -> withDetails(job(BUNNY))).isInstanceOf(SourceException.class).hasMessageContaining("HTTP 500");
    }

    @Test
    void shouldSayThatTasksWereLeftOut() throws Exception {
        service.on(TASKS, IntStream.range(0, 150).mapToObj(i -> "{\"Id\":\"t" + i + "\",\"State\":3,\"Progress\":100}")
                .collect(Collectors.joining(",", "{\"value\":[", "]}")));
        ObservedJob detailed = withDetails(job(BUNNY));
        assertThat(detailed.tasks()).hasSize(Bounds.TASKS);
        assertThat(detailed.attributes()).containsEntry(JobBounds.CUT_ATTRIBUTE, "50 of 150 tasks were left out, 0 of them with errors");
    }

    @Test
    void shouldSendAnApiKeyOfTheUrlWithEveryRequestButShowItNowhere() throws Exception {
        service.on("/api/Jobs?key=k3y&$top=1000&$skip=0", page(0, 1));
        try (JobSource source = source(URI.create(service.url() + "/api/?key=k3y"))) {
            source.list(Optional.empty());
            service.on("/api/Jobs?key=k3y&$top=1000&$skip=0", 500, Map.of(), "");
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class).hasMessageNotContaining("k3y");
        }
    }

    @Test
    void shouldRefuseAConfigurationThatCannotWork() {
        for (String url : List.of("ftp://host/api", "http:///api", "host/api", "http://user:pw@host/api", "http://host/#x")) {
            assertThatThrownBy(() -> source(URI.create(url))).as(url).isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("source enc: url: expected http(s)://").hasMessageNotContaining("pw@");
        }
        assertThatThrownBy(() -> JobSources.create(config("cobol", URI.create("http://h")), Clock.systemUTC()))
                .isInstanceOf(ConfigException.class).hasMessageContaining("\"cobol\"").hasMessageContaining("ams-v2");
    }

    private Listing.Snapshot list() throws Exception {
        try (JobSource source = source(URI.create(service.url() + "/api"))) {
            return (Listing.Snapshot) source.list(Optional.empty());
        }
    }

    private Lookup lookup(String id) throws Exception {
        try (JobSource source = source(URI.create(service.url() + "/api"))) {
            return source.lookup(id);
        }
    }

    private ObservedJob withDetails(ObservedJob job) throws Exception {
        try (JobSource source = source(URI.create(service.url() + "/api"))) {
            return source.withDetails(job);
        }
    }

    private static JobSource source(URI url) {
        return JobSources.create(config("ams-v2", url), Clock.systemUTC());
    }

    private static SourceConfig config(String type, URI url) {
        return new SourceConfig("enc", type, url, "contoso", Optional.empty(), SourceConfig.DEFAULT_POLL_INTERVAL,
                SourceConfig.DEFAULT_REQUEST_TIMEOUT, SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.Now(),
                new AuthConfig.Bearer(new Secret("t0ken")));
    }

    private static ObservedJob job(String id) {
        return new ObservedJob(id, Optional.empty(), 1, JobState.ERROR, "Error", Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), false, List.of(), Map.of());
    }

    private static String page(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{\"Id\":\"job-" + i + "\",\"State\":2}")
                .collect(Collectors.joining(",", "{\"value\":[", "]}"));
    }

    private static String raw(BadItem item) {
        return new String(item.raw(), StandardCharsets.UTF_8);
    }
}
