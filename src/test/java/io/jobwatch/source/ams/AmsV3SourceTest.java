package io.jobwatch.source.ams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.AmsV3Options.Dialect;
import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Reading;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.embedded.simulator.ManualClock;
import io.jobwatch.event.JobState;
import io.jobwatch.source.FakeService;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Paging, transforms, readings and errors of both dialects; what a job says is in {@link V3JobReaderTest}. */
class AmsV3SourceTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String VERSION = "api-version=2022-07-01&";

    private final ManualClock clock = new ManualClock(NOW.toString());

    @ParameterizedTest
    @EnumSource
    void shouldReadAllPagesOfEveryTransformThatTheServiceLists(Dialect dialect) throws Exception {
        try (AmsV3Service service = new AmsV3Service(dialect, clock).transform("abr").transform("two words").pages(3);
                JobSource source = source(service, dialect, Reading.SNAPSHOT)) {
            for (int i = 0; i < 7; i++) {
                service.put("abr", "job-" + i, "Finished", NOW.minusSeconds(i));
            }
            service.put("two words", "job-0", "Queued", NOW);
            Listing listing = source.list(Optional.empty());
            assertThat(listing).isInstanceOf(Listing.Snapshot.class);
            assertThat(((Listing.Jobs) listing).token()).isEmpty();
            assertThat(((Listing.Jobs) listing).jobs()).hasSize(8).extracting(ObservedJob::jobId)
                    .contains("abr/job-0", "abr/job-6", "two words/job-0").doesNotHaveDuplicates();
            // One list of transforms, three pages of the one, one of the other.
            assertThat(service.asked()).hasSize(5)
                    .allMatch(target -> target.contains("api-version=2022-07-01") == (dialect == Dialect.ARM));
        }
    }

    @Test
    void shouldReadOnWhereMkioOnlyCountsThePages() throws Exception {
        try (AmsV3Service service = new AmsV3Service(Dialect.MKIO, clock).transform("abr").unlinked().pages(2);
                JobSource source = source(service, Dialect.MKIO, Reading.SNAPSHOT, "abr")) {
            for (int i = 0; i < 5; i++) {
                service.put("abr", "job-" + i, "Finished", NOW);
            }
            assertThat(jobs(source, Optional.empty())).hasSize(5);
            String first = "/transforms/abr/jobs?$orderby=properties/created&$top=100";
            assertThat(service.asked()).containsExactly(first, first + "&$skiptoken=2", first + "&$skiptoken=4");
        }
    }

    @Test
    void shouldNotFollowALinkToAnotherHost() throws Exception {
        try (FakeService other = new FakeService(request -> Reply.json("{\"value\":[]}"));
                FakeService service = new FakeService(request ->
                        Reply.json("{\"value\":[],\"@odata.nextLink\":\"" + other.url() + "/transforms/abr/jobs?p=2\"}"));
                JobSource source = source(service.url(), Dialect.ARM, Reading.SNAPSHOT, "abr")) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("the link to the next page sends to another host, " + other.url() + "/transforms/abr/jobs;")
                    .hasMessageContaining("credentials are not sent there");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void shouldRefuseALinkThatCannotBeRead() throws Exception {
        try (FakeService service = new FakeService(request -> Reply.json("{\"value\":[],\"@odata.nextLink\":\"http://[half/%zz\"}"));
                JobSource source = source(service.url(), Dialect.ARM, Reading.SNAPSHOT, "abr")) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("the link to the next page leads to an address that cannot be read");
        }
    }

    @Test
    void shouldFailWhereALinkLeadsBackToAnEarlierPage() throws Exception {
        try (FakeService service = new FakeService(request -> Reply.json("{\"value\":[{\"name\":\"x\"}],\"@odata.nextLink\":\"?page="
                + (request.parameter("page").filter("2"::equals).isPresent() ? 1 : 2) + "\"}"));
                JobSource source = source(service.url(), Dialect.ARM, Reading.SNAPSHOT, "abr")) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("its link to the next page is one that was followed before");
            assertThat(service.requests()).hasSize(3);
        }
    }

    @Test
    void shouldGoOnAfterAnEmptyPageButNotForEver() throws Exception {
        try (FakeService service = new FakeService(request -> {
            int page = request.parameter("page").map(Integer::valueOf).orElse(0);
            return Reply.json(page == 3 ? "{\"value\":[{\"name\":\"x\",\"properties\":{\"state\":\"Queued\"}}]}"
                    : "{\"value\":[],\"@odata.nextLink\":\"?page=" + (page + 1) + "\"}");
        }); JobSource source = source(service.url(), Dialect.ARM, Reading.SNAPSHOT, "abr")) {
            assertThat(jobs(source, Optional.empty())).hasSize(1);
            assertThat(service.requests()).as("a link that is a query alone is one to the same path")
                    .allSatisfy(request -> assertThat(request.path()).endsWith("/jobs"));
        }
        try (FakeService service = new FakeService(request -> Reply.json("{\"value\":[],\"@odata.nextLink\":\"?page="
                + (request.parameter("page").map(Integer::valueOf).orElse(0) + 1) + "\"}"));
                JobSource source = source(service.url(), Dialect.ARM, Reading.SNAPSHOT, "abr")) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("the last 10 pages brought nothing new but announce more");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAskForTheTransformsNowAndThen(Dialect dialect) throws Exception {
        try (AmsV3Service service = new AmsV3Service(dialect, clock).transform("abr");
                JobSource source = source(service, dialect, Reading.SNAPSHOT)) {
            source.list(Optional.empty());
            service.transform("new").put("new", "job", "Queued", NOW);
            clock.advance(Transforms.REFRESH.minusMillis(1));
            assertThat(jobs(source, Optional.empty())).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(jobs(source, Optional.empty())).extracting(ObservedJob::jobId).containsExactly("new/job");
            assertThat(service.asked()).filteredOn(target -> target.startsWith("/transforms?")).hasSize(2);
        }
    }

    @Test
    void shouldAskForTheTransformsAgainWhenOneCannotBeReadAnyMore() throws Exception {
        try (AmsV3Service service = new AmsV3Service(Dialect.ARM, clock).transform("abr").transform("old");
                JobSource source = source(service, Dialect.ARM, Reading.ACTIVE_SET)) {
            service.put("abr", "a", "Processing", NOW);
            service.put("old", "b", "Processing", NOW);
            Optional<String> token = ((Listing.ActiveSet) source.list(Optional.empty())).token();
            service.deleteTransform("old");
            // The one failure that tells of it: that a list is not there is not taken for a list of nothing.
            assertThatThrownBy(() -> source.list(token)).isInstanceOf(SourceException.class).hasMessageContaining("HTTP 404");
            assertThat(jobs(source, token)).extracting(ObservedJob::jobId).containsExactly("abr/a");
            assertThat(source.lookup("old/b")).isEqualTo(new Lookup.Gone());
        }
    }

    @Test
    void shouldSayWhichKeysToCheckWhereATransformIsNotThere() throws Exception {
        try (AmsV3Service service = new AmsV3Service(Dialect.ARM, clock).transform("abr");
                JobSource source = source(service, Dialect.ARM, Reading.SNAPSHOT, "abr", "arb")) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessage("GET " + service.url() + "/transforms/arb/jobs: HTTP 404:"
                            + " The Resource '/transforms/arb/jobs' was not found. (check the source's url and transforms)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAskForTheLiveStatesInTheirOrderAndThenForNewJobs(Dialect dialect) throws Exception {
        try (AmsV3Service service = new AmsV3Service(dialect, clock).transform("abr");
                JobSource source = source(service, dialect, Reading.ACTIVE_SET, "abr")) {
            service.put("abr", "old", "Error", NOW.minusSeconds(600));
            service.put("abr", "new", "Finished", NOW.minusSeconds(30));
            service.put("abr", "live", "Processing", NOW.minusSeconds(500));
            Listing.ActiveSet first = (Listing.ActiveSet) source.list(Optional.empty());
            assertThat(first.jobs()).hasSize(3);
            assertThat(first.token()).contains("2026-03-01T09:59:30Z");
            int before = service.asked().size();
            assertThat(jobs(source, first.token())).extracting(ObservedJob::jobId).containsExactlyInAnyOrder("abr/new", "abr/live");
            String page = dialect == Dialect.MKIO ? "&$top=100" : "";
            String list = "/transforms/abr/jobs?" + (dialect == Dialect.ARM ? VERSION : "");
            assertThat(service.asked().subList(before, service.asked().size())).containsExactlyElementsOf(Stream.of(
                    "$filter=properties/state eq 'Queued'", "$filter=properties/state eq 'Scheduled'",
                    "$filter=properties/state eq 'Processing'", "$filter=properties/state eq 'Canceling'",
                    "$filter=properties/created ge 2026-03-01T09:57:30Z&$orderby=properties/created")
                    .map(query -> list + query + page).toList());
        }
    }

    @Test
    void shouldCapTheWatermarkAtTheServicesClock() throws Exception {
        try (AmsV3Service service = new AmsV3Service(Dialect.ARM, clock).transform("abr");
                JobSource source = source(service, Dialect.ARM, Reading.ACTIVE_SET, "abr")) {
            service.put("abr", "future", "Queued", NOW.plusSeconds(3600));
            assertThat(((Listing.ActiveSet) source.list(Optional.empty())).token()).contains(NOW.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSeeAJobThatMovesThroughTheListsWhileTheyAreRead(Dialect dialect) throws Exception {
        List<String> way = List.of("Queued", "Scheduled", "Processing", "Canceling");
        for (int moveAt = 1; moveAt <= 5; moveAt++) {
            try (AmsV3Service service = new AmsV3Service(dialect, clock).transform("abr");
                    JobSource source = source(service, dialect, Reading.ACTIVE_SET, "abr")) {
                service.put("abr", "newest", "Finished", NOW);
                Optional<String> token = ((Listing.ActiveSet) source.list(Optional.empty())).token();
                AmsV3Service.Job job = service.put("abr", "mover", "Queued", NOW.minusSeconds(3600));
                int[] request = {0};
                int when = moveAt;
                service.beforeEach(() -> {
                    if (++request[0] >= when && request[0] - when < way.size()) {
                        service.put(job.in(way.get(request[0] - when)));
                    }
                });
                assertThat(jobs(source, token)).as("moving from list %d on", when).extracting(ObservedJob::jobId).contains("abr/mover");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLookUpJobs(Dialect dialect) throws Exception {
        try (AmsV3Service service = new AmsV3Service(dialect, clock).transform("two words");
                JobSource source = source(service, dialect, Reading.ACTIVE_SET)) {
            service.put("two words", "a job+1", "Canceling", NOW);
            assertThat(source.lookup("two words/a job+1")).isInstanceOfSatisfying(Lookup.Found.class,
                    found -> assertThat(found.job().state()).isEqualTo(JobState.CANCELING));
            assertThat(source.lookup("two words/other")).isEqualTo(new Lookup.Gone());
            assertThat(source.lookup("other/a job+1")).isEqualTo(new Lookup.Gone());
            int before = service.asked().size();
            for (String noId : List.of("nb:jid:UUID:1", "a/b/c", "/a", "a/", "../a", "a/..")) {
                assertThat(source.lookup(noId)).as(noId).isEqualTo(new Lookup.Gone());
            }
            assertThat(service.asked()).hasSize(before);
        }
    }

    @Test
    void shouldNotTakeAJobForGoneBecauseItsAccountIsNotFound() throws Exception {
        try (AmsV3Service service = new AmsV3Service(Dialect.ARM, clock);
                JobSource source = source(URI.create(service.url().toString().replace("/rg/", "/gr/")), Dialect.ARM, Reading.SNAPSHOT)) {
            assertThatThrownBy(() -> source.lookup("abr/a")).isInstanceOf(SourceException.class)
                    .hasMessageContaining("HTTP 404: Resource group 'rg' could not be found.");
        }
        try (FakeService proxy = new FakeService(request -> Reply.status(404, "<html><title>nothing here</title></html>"));
                JobSource source = source(proxy.url(), Dialect.MKIO, Reading.SNAPSHOT)) {
            assertThatThrownBy(() -> source.lookup("abr/a")).isInstanceOf(SourceException.class).hasMessageContaining("HTML");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheServicesWordsAndHowLongToWait(Dialect dialect) throws Exception {
        try (AmsV3Service service = new AmsV3Service(dialect, clock).transform("abr");
                JobSource source = source(service, dialect, Reading.ACTIVE_SET)) {
            service.throttle(request -> request.path().endsWith("/jobs"));
            SourceException failure = catchThrowableOfType(SourceException.class, () -> source.list(Optional.empty()));
            assertThat(failure).hasMessage("GET " + service.url() + "/transforms/abr/jobs: HTTP 429: Slow down.");
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(17));
        }
    }

    @Test
    void shouldAskForTheJobItselfWhereTheListLeavesItsOutputsOut() throws Exception {
        try (FakeService service = new FakeService(request -> Reply.json(request.path().endsWith("/jobs")
                ? "{\"value\":[{\"name\":\"a\",\"properties\":{\"state\":\"Error\"}}]}"
                : "{\"name\":\"a\",\"properties\":{\"state\":\"Error\",\"outputs\":[{\"state\":\"Error\",\"error\":{\"code\":\"E\"}}]}}"));
                JobSource source = source(service.url(), Dialect.MKIO, Reading.SNAPSHOT, "abr")) {
            ObservedJob listed = jobs(source, Optional.empty()).get(0);
            assertThat(listed.detailsAvailable()).isFalse();
            ObservedJob detailed = source.withDetails(listed);
            assertThat(detailed.detailsAvailable()).isTrue();
            assertThat(detailed.tasks().get(0).getErrors().get(0).getCode()).isEqualTo("E");
            assertThat(source.withDetails(detailed)).isSameAs(detailed);
            assertThat(service.requests()).hasSize(2);
        }
    }

    @Test
    void shouldRefuseOptionsOfAnotherType() {
        SourceConfig config = new SourceConfig("v3", "ams-v3", URI.create("http://h"), "", Optional.empty(), Duration.ofSeconds(1),
                Duration.ofSeconds(1), Duration.ofSeconds(1), new StartFrom.Now(), new AuthConfig.None());
        assertThatThrownBy(() -> JobSources.create(config, clock)).isInstanceOf(ConfigException.class).hasMessageContaining("ams-v3");
    }

    private JobSource source(AmsV3Service service, Dialect dialect, Reading reading, String... transforms) {
        return source(service.url(), dialect, reading, transforms);
    }

    private JobSource source(URI url, Dialect dialect, Reading reading, String... transforms) {
        return JobSources.create(AmsV3Sources.config("v3", url, AmsV3Service.TOKEN, AmsV3Sources.options(dialect, reading, transforms)),
                clock);
    }

    private static List<ObservedJob> jobs(JobSource source, Optional<String> token) throws Exception {
        return ((Listing.Jobs) source.list(token)).jobs();
    }
}
