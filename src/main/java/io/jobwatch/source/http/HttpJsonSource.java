package io.jobwatch.source.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.HttpJsonOptions;
import io.jobwatch.config.HttpJsonOptions.ListRequest;
import io.jobwatch.config.HttpJsonOptions.TaskRequest;
import io.jobwatch.config.PathTemplate;
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
import io.jobwatch.source.Printable;
import io.jobwatch.source.RequestLimits;
import io.jobwatch.source.ServiceAddress;
import io.jobwatch.source.SourceException;
import io.jobwatch.source.Watermark;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Any service that tells its jobs as JSON over HTTP, read as the configuration says. Lists that are paged by number or offset may move
 * while they are read: what is added at their beginning is then seen twice, and what is removed may hide a job until the next listing.
 */
public final class HttpJsonSource implements JobSource {

    private static final int MAX_TASKS_READ = 10_000;

    /** What a snapshot's token begins with; that of the other kinds is a time. */
    private static final String ETAG = "etag:";

    /** RFC 9110, 8.8.3, within what one would keep. */
    private static final Pattern USABLE_ETAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]{0,200}\"");

    private final HttpJsonOptions options;
    private final Clock clock;
    private final HttpExchange http;
    private final ServiceAddress address;
    private final PagedReader reader;
    private final JobMapper mapper;
    private final Dates dates;
    /** Whether this process has read the list. A token may be from before a change of what the states mean, which no ETag tells. */
    private boolean hasRead;

    /**
     * @param config of type {@code http-json}
     * @param clock  tells when a listing began where the service does not
     * @param limits those of all sources that run together
     * @throws ConfigException if the source's url or auth cannot be used, or it has no options of this type
     */
    public HttpJsonSource(SourceConfig config, Clock clock, RequestLimits limits) {
        if (!(config.options() instanceof HttpJsonOptions given)) {
            throw new ConfigException("source " + config.name() + ": a source of type http-json needs list, job, fields and states");
        }
        this.options = given;
        this.clock = clock;
        this.address = ServiceAddress.of(config);
        this.mapper = new JobMapper(given);
        this.dates = new Dates(given.dates());
        this.http = new HttpExchange(config, clock, limits);
        this.reader = new PagedReader(http, address);
    }

    @Override
    public Listing list(Optional<String> token) throws SourceException, InterruptedException {
        return options.reading() == Reading.SNAPSHOT ? snapshot(token) : since(token);
    }

    private Listing snapshot(Optional<String> token) throws SourceException, InterruptedException {
        Optional<String> etag = token.filter(text -> hasRead && text.startsWith(ETAG)).map(text -> text.substring(ETAG.length()))
                .filter(text -> USABLE_ETAG.matcher(text).matches());
        Collected collected = new Collected(mapper);
        PagedReader.Read read = reader.read(options.list(), Map.of(), etag, Bounds.JOBS, collected.reading());
        if (read.unchanged()) {
            return new Listing.Unchanged();
        }
        hasRead = true;
        return new Listing.Snapshot(collected.jobs(), collected.bad(),
                read.etag().filter(text -> USABLE_ETAG.matcher(text).matches()).map(ETAG::concat));
    }

    /**
     * The live lists come first and what is new last: a known job that leaves them while they are read is looked up, and one that is
     * created meanwhile is among the new ones, now or, as the watermark is of what was seen, at the next listing.
     */
    private Listing since(Optional<String> token) throws SourceException, InterruptedException {
        Optional<Watermark> before = Watermark.parse(token);
        Instant ours = clock.instant();
        Collected collected = new Collected(mapper);
        Optional<Instant> began = Optional.empty();
        for (ListRequest live : options.active()) {
            PagedReader.Read read = reader.read(live, Map.of(), Optional.empty(), Bounds.JOBS, collected.reading());
            began = began.or(read::began);
        }
        ListRequest list = before.isPresent() ? options.later().orElse(options.list()) : options.list();
        Instant since = before.map(mark -> mark.since(options.overlap())).orElse(ours.minus(options.lookBack()));
        PagedReader.Read read = reader.read(list, Map.of("since", dates.format(since)), Optional.empty(), Bounds.JOBS, collected.reading());
        Instant serverNow = began.or(read::began).orElse(ours);
        boolean feed = options.reading() == Reading.FEED;
        Optional<String> next = Watermark.next(before,
                collected.newest(feed ? JobMapper.Mapped::changed : mapped -> mapped.job().createdAt()), serverNow).map(Watermark::token);
        return feed ? new Listing.Feed(collected.jobs(), collected.bad(), next)
                : new Listing.ActiveSet(collected.jobs(), collected.bad(), next);
    }

    @Override
    public Lookup lookup(String jobId) throws SourceException, InterruptedException {
        HttpAnswer answer = reader.ask(resource(options.job().path(), Map.of("id", jobId)), Optional.empty());
        if (options.gone().contains(answer.status()) && answer.isEmptyOrJson()) {
            return new Lookup.Gone();
        }
        JsonNode item = answer.requireOk().json().at(options.job().item());
        try {
            ObservedJob job = mapper.read(item).job();
            if (!job.jobId().equals(jobId)) {
                throw answer.unusable("it tells of another job than the one asked for");
            }
            return new Lookup.Found(job);
        } catch (BadFieldException e) {
            throw answer.unusable(e.getMessage());
        }
    }

    @Override
    public ObservedJob withDetails(ObservedJob job) throws SourceException, InterruptedException {
        if (options.tasks().isEmpty()) {
            return job.detailsAvailable() ? job : job.withTasks(job.tasks());
        }
        TaskRequest request = options.tasks().get();
        TaskMapper tasks = new TaskMapper(request.fields(), options.states(), options.dates());
        Map<JsonNode, Task> read = new LinkedHashMap<>();
        Map<String, String> values = Map.of("id", job.jobId(), "attempt", Integer.toString(job.attempt()));
        requirePath(request.list().path(), values);
        reader.read(request.list(), values, Optional.empty(), MAX_TASKS_READ, item -> read.put(item, tasks.read(item)) == null);
        return JobBounds.of(job.withTasks(List.copyOf(read.values())));
    }

    @Override
    public void close() {
        http.close();
    }

    private URI resource(PathTemplate path, Map<String, String> values) throws SourceException {
        requirePath(path, values);
        return address.resolve(path.path(values), path.query(values));
    }

    private static void requirePath(PathTemplate path, Map<String, String> values) throws SourceException {
        try {
            path.path(values);
        } catch (IllegalArgumentException e) {
            throw new SourceException("the job " + Printable.quote(values.getOrDefault("id", "")) + " cannot be asked for: "
                    + e.getMessage(), e);
        }
    }
}
