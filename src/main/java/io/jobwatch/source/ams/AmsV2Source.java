package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.AmsV2Options;
import io.jobwatch.config.Reading;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.Task;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.HttpAnswer;
import io.jobwatch.source.HttpExchange;
import io.jobwatch.source.JobBounds;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.RequestLimits;
import io.jobwatch.source.ServiceAddress;
import io.jobwatch.source.SourceException;
import io.jobwatch.source.Watermark;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A media services account that speaks the REST protocol of Azure Media Services v2 (OData 3). A listing is a snapshot or, where so
 * configured, an active set; the protocol has no feed of changes, and {@code LastModified} does not change with the state. Offset paging
 * over a list that moves may show a job twice, and then the later reading counts, or miss one, which the next look-up or listing finds.
 */
public final class AmsV2Source implements JobSource {

    /** The service's own limit for one response. */
    static final int PAGE = 1000;

    private static final int MAX_TASKS_READ = 10 * PAGE;

    /** How much later than its time of creation a job may be seen for the first time, or than that of a job created after it. */
    static final Duration CREATED_OVERLAP = Duration.ofMinutes(1);

    private static final String LIVE = AmsStates.liveNumbers().stream().map(number -> "State eq " + number)
            .collect(Collectors.joining(" or "));
    /** OData 3 has no zones here: UTC. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private static final Map<String, String> HEADERS = Map.of(
            "Accept", "application/json",
            "x-ms-version", "2.19",
            "DataServiceVersion", "3.0",
            "MaxDataServiceVersion", "3.0",
            "User-Agent", "jobwatch");

    private final HttpExchange http;
    private final Clock clock;
    private final Reading reading;
    private final ServiceAddress configured;
    /** The configured address, or the one that it redirected to. */
    private ServiceAddress current;

    /** @throws io.jobwatch.config.ConfigException if the source's url or auth cannot be used */
    public AmsV2Source(SourceConfig config, Clock clock, RequestLimits limits) {
        this.configured = ServiceAddress.of(config);
        this.current = configured;
        this.http = new HttpExchange(config, clock, limits);
        this.clock = clock;
        this.reading = config.options() instanceof AmsV2Options options ? options.reading() : Reading.SNAPSHOT;
    }

    /**
     * {@inheritDoc} An active set needs two lists, of the live jobs and of the recently created ones. The second comes last and loses no
     * job while it is read, so that a job that left the first in the meantime, and whatever that moved to another page, is seen there or
     * is known already and looked up.
     */
    @Override
    public Listing list(Optional<String> token) throws SourceException, InterruptedException {
        ListedJobs listed = new ListedJobs(clock.instant());
        Optional<Watermark> before = reading == Reading.ACTIVE_SET ? Watermark.parse(token) : Optional.empty();
        if (before.isEmpty()) {
            readJobs("", listed);
        } else {
            readJobs(LIVE, listed);
            readJobs("Created ge datetime'" + DATE.format(before.get().since(CREATED_OVERLAP)) + "'", listed);
        }
        return reading == Reading.ACTIVE_SET ? listed.activeSet(before) : listed.snapshot();
    }

    private void readJobs(String filter, ListedJobs listed) throws SourceException, InterruptedException {
        listed.listBegan(readPages("Jobs", filter, Bounds.JOBS, entity -> listed.add(entity, JobReader::read)));
    }

    @Override
    public Lookup lookup(String jobId) throws SourceException, InterruptedException {
        HttpAnswer answer = ask(resource(jobId), "");
        if (answer.status() == 404 && answer.isEmptyOrJson()) {
            return new Lookup.Gone();
        }
        JsonNode root = answer.requireOk().json();
        try {
            ObservedJob job = JobReader.read(root.path("d").isObject() ? root.path("d") : root);
            if (!job.jobId().equals(jobId)) {
                throw answer.unusable("it tells of another job than the one asked for");
            }
            return new Lookup.Found(job);
        } catch (BadEntityException e) {
            throw answer.unusable(e.getMessage());
        }
    }

    @Override
    public ObservedJob withDetails(ObservedJob job) throws SourceException, InterruptedException {
        Map<ByteBuffer, Task> read = new LinkedHashMap<>();
        readPages(resource(job.jobId()) + "/Tasks", "", MAX_TASKS_READ, entity -> {
            read.put(key(entity), TaskReader.read(entity.node()));
            return key(entity);
        });
        List<Task> all = List.copyOf(read.values());
        return JobBounds.of(job.withTasks(all, TaskReader.progress(all).or(job::progress)));
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * Reads page after page until a short one.
     *
     * @param filter of OData; empty for none
     * @param taker  takes an entity and returns what tells it from the others of the list
     * @return when the first page was answered by the service's clock, where it tells
     */
    private Optional<Instant> readPages(String resource, String filter, int limit, Function<ODataPage.Entity, Object> taker)
            throws SourceException, InterruptedException {
        String query = filter.isEmpty() ? "" : "&$filter=" + ServiceAddress.encode(filter);
        Set<Object> seen = new HashSet<>();
        Optional<Instant> began = Optional.empty();
        int skip = 0;
        boolean more = true;
        while (more) {
            HttpAnswer answer = ask(resource, "$top=" + PAGE + "&$skip=" + skip + query).requireOk();
            began = began.or(answer::date);
            ODataPage page = ODataPage.read(answer);
            boolean news = false;
            for (ODataPage.Entity entity : page.entities()) {
                news |= seen.add(taker.apply(entity));
            }
            more = page.entities().size() >= PAGE || page.next().isPresent();
            if (more && !news) {
                throw answer.unusable("the page from " + skip + " on brings nothing new but announces more;"
                        + " does the service ignore $skip?");
            }
            skip += page.entities().size();
            if (more && skip >= limit) {
                throw answer.unusable("more than " + limit + " entities in the list");
            }
        }
        return began;
    }

    /** Asks at the address that worked last; one redirect within the same origin is followed and remembered. */
    private HttpAnswer ask(String resource, String query) throws SourceException, InterruptedException {
        try {
            HttpAnswer answer = http.get(current.resolve(resource, query), HEADERS);
            Optional<URI> moved = answer.redirect();
            if (moved.isPresent()) {
                current = current.movedTo(moved.get(), resource);
                answer = http.get(current.resolve(resource, query), HEADERS);
                if (answer.redirect().isPresent()) {
                    throw answer.unusable("a second redirect after the one from " + configured);
                }
            }
            return answer;
        } catch (SourceException e) {
            // Where the account has moved to may have changed too: ask the configured address again.
            current = configured;
            throw e;
        }
    }

    private static String resource(String jobId) {
        return "Jobs('" + ServiceAddress.encode(jobId.replace("'", "''")) + "')";
    }

    /** Tasks are told apart by id; those without one by all that they say. */
    private static ByteBuffer key(ODataPage.Entity entity) {
        JsonNode id = entity.node().path("Id");
        return ByteBuffer.wrap(id.isTextual() ? id.textValue().getBytes(StandardCharsets.UTF_8) : entity.raw());
    }
}
