package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.Task;
import io.jobwatch.source.BadItem;
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
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A media services account that speaks the REST protocol of Azure Media Services v2 (OData 3). Every listing is a snapshot: the protocol
 * has no feed of changes, and {@code LastModified} does not change with the state. Offset paging over a list that moves may show a job
 * twice, and then the later reading counts, or miss one, which the next look-up or listing finds.
 */
public final class AmsV2Source implements JobSource {

    /** The service's own limit for one response. */
    static final int PAGE = 1000;

    private static final int MAX_TASKS_READ = 10 * PAGE;

    private static final Map<String, String> HEADERS = Map.of(
            "Accept", "application/json",
            "x-ms-version", "2.19",
            "DataServiceVersion", "3.0",
            "MaxDataServiceVersion", "3.0",
            "User-Agent", "jobwatch");

    private final HttpExchange http;
    private final ServiceAddress configured;
    /** The configured address, or the one that it redirected to. */
    private ServiceAddress current;

    /** @throws io.jobwatch.config.ConfigException if the source's url or auth cannot be used */
    public AmsV2Source(SourceConfig config, Clock clock, RequestLimits limits) {
        this.configured = ServiceAddress.of(config);
        this.current = configured;
        this.http = new HttpExchange(config, clock, limits);
    }

    /** {@inheritDoc} The token is not used. */
    @Override
    public Listing list(Optional<String> token) throws SourceException, InterruptedException {
        Map<String, ObservedJob> jobs = new LinkedHashMap<>();
        Map<ByteBuffer, BadItem> bad = new LinkedHashMap<>();
        readPages("Jobs", Bounds.JOBS, entity -> {
            try {
                ObservedJob job = JobReader.read(entity.node());
                return jobs.put(job.jobId(), job) == null;
            } catch (BadEntityException e) {
                byte[] raw = entity.raw();
                return bad.put(ByteBuffer.wrap(raw), new BadItem(raw, e.getMessage())) == null;
            }
        });
        return new Listing.Snapshot(List.copyOf(jobs.values()), List.copyOf(bad.values()), Optional.empty());
    }

    @Override
    public Lookup lookup(String jobId) throws SourceException, InterruptedException {
        HttpAnswer answer = ask(resource(jobId), "");
        if (answer.status() == 404) {
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
        readPages(resource(job.jobId()) + "/Tasks", MAX_TASKS_READ,
                entity -> read.put(key(entity), TaskReader.read(entity.node())) == null);
        List<Task> all = List.copyOf(read.values());
        return JobBounds.of(job.withTasks(all, progress(all).or(job::progress)));
    }

    @Override
    public void close() {
        http.close();
    }

    /** Takes an entity; false if it has been there before. */
    private interface Taker {
        boolean take(ODataPage.Entity entity);
    }

    /** Reads page after page until a short one. */
    private void readPages(String resource, int limit, Taker taker) throws SourceException, InterruptedException {
        int skip = 0;
        boolean more = true;
        while (more) {
            HttpAnswer answer = ask(resource, "$top=" + PAGE + "&$skip=" + skip).requireOk();
            ODataPage page = ODataPage.read(answer);
            boolean news = false;
            for (ODataPage.Entity entity : page.entities()) {
                news |= taker.take(entity);
            }
            more = page.entities().size() >= PAGE || page.linked();
            if (more && !news) {
                throw answer.unusable("the page from " + skip + " on brings nothing new but announces more;"
                        + " does the service ignore $skip?");
            }
            skip += page.entities().size();
            if (more && skip >= limit) {
                throw answer.unusable("more than " + limit + " entities in the list");
            }
        }
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

    private static Optional<Integer> progress(List<Task> tasks) {
        OptionalDouble mean = tasks.stream().map(Task::getProgress).filter(Objects::nonNull).mapToInt(Integer::intValue).average();
        return mean.isPresent() ? Optional.of((int) mean.getAsDouble()) : Optional.empty();
    }
}
