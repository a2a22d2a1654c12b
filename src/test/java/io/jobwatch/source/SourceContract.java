package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every source promises the poller, whatever service it speaks to, over real sockets. A subclass tells how its service speaks, by
 * the few methods below; {@link PagedSourceContract} is for services that list in pages.
 */
@Timeout(60)
public abstract class SourceContract {

    /** What {@link #config} has to use as its credential. */
    protected static final String SECRET = "s3cr3t-0f-the-c0ntract";

    /**
     * The jobs of a service.
     *
     * @param items the items of its list, in its order
     * @param byId  each item under the id that jobwatch knows it by
     */
    protected record Jobs(List<String> items, Map<String, String> byId) {
    }

    /** {@return a source of this type at a service, with {@link #SECRET} as its credential, without a limit of requests} */
    protected abstract SourceConfig config(URI service);

    /** {@return the id of the n-th job, from 0, as jobwatch knows it} */
    protected abstract String jobId(int number);

    /**
     * {@return a job as the service's list writes it}
     *
     * @param nativeState one of the three below, as it stands on the wire
     */
    protected abstract String item(String jobId, String nativeState);

    /** {@return a native state, as it stands on the wire, of a job that runs} */
    protected abstract String running();

    /** {@return a native state, as it stands on the wire, of a job that failed; its details must have an error} */
    protected abstract String failed();

    /** {@return a native state, as it stands on the wire, that no version of the service has} */
    protected abstract String unheardOf();

    /** {@return an item that is valid JSON but not a job that can be read} */
    protected abstract String badItem();

    /**
     * {@return what the service answers if nothing is wrong with it: to a listing, in pages of its size where it has pages; to a look-up,
     * also of a job that it does not have; to a request for the details of a stopped job}
     */
    protected abstract Reply answer(Request request, Jobs jobs);

    /** {@return how the service makes known what it calls {@link #unheardOf()}} */
    protected String unheardOfName() {
        return unheardOf();
    }

    /** {@return the jobs that a test lays down: number i in the state that the function gives} */
    protected final Jobs jobs(int count, Function<Integer, String> state) {
        Map<String, String> byId = new LinkedHashMap<>();
        IntStream.range(0, count).forEach(i -> byId.put(jobId(i), item(jobId(i), state.apply(i))));
        return new Jobs(List.copyOf(byId.values()), byId);
    }

    protected final FakeService service(Jobs jobs) throws Exception {
        return new FakeService(request -> answer(request, jobs));
    }

    protected final JobSource source(FakeService service) {
        return JobSources.create(config(service.url()), Clock.systemUTC());
    }

    /** {@return a full listing} */
    protected final Listing.Jobs list(FakeService service) throws Exception {
        try (JobSource source = source(service)) {
            return (Listing.Jobs) source.list(Optional.empty());
        }
    }

    private Lookup lookup(FakeService service, String jobId) throws Exception {
        try (JobSource source = source(service)) {
            return source.lookup(jobId);
        }
    }

    /** {@return how the listing fails at a service that answers everything like this} */
    protected final SourceException listingFailure(Reply reply) throws Exception {
        try (FakeService service = new FakeService(request -> reply)) {
            SourceException failure = catchThrowableOfType(SourceException.class, () -> list(service));
            assertThat(failure).as("a failure of the listing").isNotNull();
            assertThat(failure.getMessage()).doesNotContain(SECRET).doesNotContain("\n").hasSizeLessThan(Bounds.FAILURE_CHARS);
            return failure;
        }
    }

    @Test
    void shouldListWhatTheServiceHas() throws Exception {
        try (FakeService service = service(jobs(3, i -> running()))) {
            Listing.Jobs listing = list(service);
            assertThat(listing.jobs()).extracting(ObservedJob::jobId).containsExactlyInAnyOrder(jobId(0), jobId(1), jobId(2));
            assertThat(listing.jobs()).allSatisfy(job -> {
                assertThat(job.state()).isEqualTo(JobState.PROCESSING);
                assertThat(job.endedAt()).as("the end of a job that runs").isEmpty();
                assertThat(job.attempt()).isEqualTo(1);
            });
            assertThat(listing.bad()).isEmpty();
        }
    }

    @Test
    void shouldListNothingWhereThereIsNothing() throws Exception {
        try (FakeService service = service(jobs(0, i -> running()))) {
            assertThat(list(service).jobs()).isEmpty();
        }
    }

    @Test
    void shouldListTheSameAgainWithTheTokenOfTheFirstListing() throws Exception {
        try (FakeService service = service(jobs(3, i -> running())); JobSource source = source(service)) {
            Listing.Jobs first = (Listing.Jobs) source.list(Optional.empty());
            assertThat(source.list(first.token())).isInstanceOfSatisfying(Listing.Jobs.class,
                    second -> assertThat(second.jobs()).containsExactlyInAnyOrderElementsOf(first.jobs()));
        }
    }

    /** After a change of configuration the token may be one of another kind of source. */
    @Test
    void shouldInsistOnAFullAnswerWhereATokenMeansNothing() throws Exception {
        try (FakeService service = service(jobs(3, i -> running())); JobSource source = source(service)) {
            assertThat(source.list(Optional.of("of another kind, %\r\n{}"))).isInstanceOfSatisfying(Listing.Jobs.class,
                    listing -> assertThat(listing.jobs()).hasSize(3));
        }
    }

    @Test
    void shouldKeepTheNativeTextOfAStateThatIsNotKnown() throws Exception {
        try (FakeService service = service(jobs(1, i -> unheardOf()))) {
            assertThat(list(service).jobs()).singleElement().satisfies(job -> {
                assertThat(job.state()).isEqualTo(JobState.UNKNOWN);
                assertThat(job.nativeState()).isEqualTo(unheardOfName());
            });
        }
    }

    @Test
    void shouldPassOverABadItemAndReadTheOthers() throws Exception {
        Jobs jobs = new Jobs(List.of(item(jobId(0), running()), badItem(), item(jobId(1), running())), Map.of());
        try (FakeService service = service(jobs)) {
            Listing.Jobs listing = list(service);
            assertThat(listing.jobs()).extracting(ObservedJob::jobId).containsExactlyInAnyOrder(jobId(0), jobId(1));
            assertThat(listing.bad()).singleElement().satisfies(bad -> {
                assertThat(Json.MAPPER.readTree(bad.raw())).isEqualTo(Json.MAPPER.readTree(badItem()));
                assertThat(bad.reason()).isNotBlank().doesNotContain("\n");
            });
        }
    }

    @Test
    void shouldFindAJob() throws Exception {
        try (FakeService service = service(jobs(3, i -> running()))) {
            assertThat(lookup(service, jobId(1))).isInstanceOfSatisfying(Lookup.Found.class, found -> {
                assertThat(found.job().jobId()).isEqualTo(jobId(1));
                assertThat(found.job().state()).isEqualTo(JobState.PROCESSING);
            });
        }
    }

    @Test
    void shouldCallAJobGoneThatTheServiceDoesNotKnow() throws Exception {
        try (FakeService service = service(jobs(3, i -> running()))) {
            assertThat(lookup(service, jobId(77))).isInstanceOf(Lookup.Gone.class);
        }
    }

    @Test
    void shouldNeverTakeAFailureForAJobThatIsGone() throws Exception {
        List<Reply> failures = List.of(Reply.status(400, "{}"), Reply.status(401, "{}"), Reply.status(403, "{}"), Reply.status(429, "{}"),
                Reply.status(500, "{}"), Reply.status(502, "<html>Bad gateway</html>"), Reply.status(503, ""), Reply.status(504, ""),
                Reply.status(404, "<html>404 Not Found: the ingress knows no such service now</html>"),
                Reply.status(404, "404 page not found\n"),
                Reply.json(""), Reply.json("{}"), Reply.json("[]"), Reply.json("null"), Reply.json("<html>Sign in</html>"),
                Reply.json("{\"a\":"));
        for (Reply reply : failures) {
            try (FakeService service = new FakeService(request -> reply)) {
                assertThatThrownBy(() -> lookup(service, jobId(0))).as("%s", reply).isInstanceOf(SourceException.class);
            }
        }
    }

    @Test
    void shouldNotBelieveALookupThatTellsOfAnotherJob() throws Exception {
        Jobs wrong = new Jobs(List.of(), Map.of(jobId(0), item(jobId(1), running())));
        try (FakeService service = service(wrong)) {
            Throwable failure = catchThrowable(() -> {
                Lookup lookup = lookup(service, jobId(0));
                assertThat(lookup).isNotInstanceOf(Lookup.Found.class);
            });
            assertThat(failure == null || failure instanceof SourceException).as("%s", failure).isTrue();
        }
    }

    @Test
    void shouldReadTheDetailsOfAStoppedJob() throws Exception {
        try (FakeService service = service(jobs(1, i -> failed())); JobSource source = source(service)) {
            ObservedJob failed = ((Listing.Jobs) source.list(Optional.empty())).jobs().get(0);
            assertThat(failed.state()).isEqualTo(JobState.ERROR);
            ObservedJob detailed = source.withDetails(failed);
            assertThat(detailed.detailsAvailable()).isTrue();
            assertThat(detailed.tasks().stream().flatMap(task -> task.getErrors().stream())).isNotEmpty()
                    .allSatisfy(error -> assertThat(error.getCode() + error.getMessage()).isNotBlank());
            assertThat(detailed.jobId()).isEqualTo(failed.jobId());
        }
    }

    @Test
    void shouldFailTheListingOnAnyStatusThatIsNoSuccess() throws Exception {
        for (int status : new int[] {204, 304, 400, 401, 403, 404, 410, 429, 500, 503}) {
            assertThat(listingFailure(Reply.status(status, ""))).as("HTTP %d", status).hasMessageContaining(Integer.toString(status));
        }
    }

    @Test
    void shouldHandOnHowLongTheServiceAsksToBeLeftAlone() throws Exception {
        assertThat(listingFailure(Reply.status(503, "{}").with("Retry-After", "7")).retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(listingFailure(Reply.status(429, "{}").with("Retry-After", "8")).retryAfter()).contains(Duration.ofSeconds(8));
    }

    @Test
    void shouldFailTheListingWhenTheAnswerIsNoWholeJson() throws Exception {
        assertThat(listingFailure(Reply.json("<!DOCTYPE html><title>Sign in</title>"))).hasMessageContaining("HTML");
        assertThat(listingFailure(Reply.json(""))).hasMessageContaining("empty body");
        assertThat(listingFailure(Reply.json("null"))).hasMessageContaining("cannot be used");
        Jobs jobs = jobs(3, i -> running());
        try (FakeService service = new FakeService(request -> {
            Reply whole = answer(request, jobs);
            return new Reply(200, whole.headers(), whole.body().substring(0, whole.body().length() - 2));
        })) {
            assertThatThrownBy(() -> list(service)).isInstanceOf(SourceException.class).hasMessageContaining("cannot be used");
        }
    }

    @Test
    void shouldFailTheListingWhenTheAnswerIsCutOff() throws Exception {
        Jobs jobs = jobs(3, i -> running());
        try (FakeService service = new FakeService(request -> {
            Reply whole = answer(request, jobs);
            return whole.with("Content-Length", Integer.toString(whole.body().length() + 1));
        })) {
            assertThatThrownBy(() -> list(service)).isInstanceOf(SourceException.class).hasMessageContaining("cut off");
        }
    }

    @Test
    void shouldRefuseABodyThatIsTooLarge() throws Exception {
        assertThat(listingFailure(Reply.json("[").with("Content-Length", Long.toString(1L << 34)))).hasMessageContaining("larger than");
    }

    @Test
    void shouldSurviveJsonThatIsNestedDeeply() throws Exception {
        for (String nest : List.of("[", "{\"a\":")) {
            assertThat(listingFailure(Reply.json(nest.repeat(100_000)))).hasMessageContaining("cannot be used");
        }
    }

    @Test
    void shouldNotFollowToAnotherHostAndNotSendTheSecretThere() throws Exception {
        try (FakeService other = service(jobs(3, i -> running()));
                FakeService service = new FakeService(request -> Reply.status(302, "").with("Location", other.url() + request.target()))) {
            ObservedJob failed;
            try (FakeService honest = service(jobs(1, i -> failed()))) {
                failed = list(honest).jobs().get(0);
            }
            try (JobSource source = source(service)) {
                assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class);
                assertThatThrownBy(() -> source.lookup(jobId(0))).isInstanceOf(SourceException.class);
                if (!failed.detailsAvailable()) {
                    assertThatThrownBy(() -> source.withDetails(failed)).isInstanceOf(SourceException.class);
                }
            }
            assertThat(service.requests()).allSatisfy(request -> assertThat(request.headers().toString()).contains(SECRET));
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void shouldNotRepeatASecretThatTheServiceSaysBack() throws Exception {
        String said = "{\"message\":\"the token " + SECRET + " is wrong\",\"errors\":[{\"error\":\"" + SECRET + "\"}]}";
        for (int status : new int[] {200, 400, 401, 403, 500}) {
            assertThat(listingFailure(Reply.status(status, said)).getMessage()).doesNotContain(SECRET);
        }
    }

    @Test
    void shouldNotLetAnIdLeadElsewhere() throws Exception {
        for (String id : List.of("../../admin", "a/../../b", "..", ".", "a?state=x", "a#b", "a%2e%2e/b", "a b\r\nX-Evil: 1",
                "a')/$value")) {
            try (FakeService service = service(jobs(1, i -> running()))) {
                Throwable failure = catchThrowable(() -> lookup(service, id));
                assertThat(failure == null || failure instanceof SourceException).as("%s: %s", id, failure).isTrue();
                assertThat(service.requests()).as(id).allSatisfy(request -> {
                    assertThat(URI.create(request.rawPath()).normalize().toString()).isEqualTo(request.rawPath());
                    assertThat(request.target()).doesNotContain("state=x", "#");
                    assertThat(request.headers()).doesNotContainKey("X-Evil");
                });
            }
        }
    }

    @Test
    void shouldEndEarlyWhenInterrupted() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (FakeService service = new FakeService(request -> {
            asked.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.status(500, "");
        }); JobSource source = source(service)) {
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread poller = new Thread(() -> ended.complete(catchThrowable(() -> source.list(Optional.empty()))), "contract-poller");
            poller.start();
            asked.await();
            poller.interrupt();
            assertThat(ended.join()).isInstanceOf(InterruptedException.class);
        } finally {
            over.countDown();
        }
    }

    @Test
    void shouldEndItsThreadsWhenClosed() throws Exception {
        try (FakeService service = service(jobs(1, i -> running()))) {
            String name = "http-" + config(service.url()).name();
            try (JobSource source = source(service)) {
                source.list(Optional.empty());
                assertThat(threads(name)).as("threads of an open source").isPositive();
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(threads(name)).isZero());
        }
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals(name)).count();
    }
}
