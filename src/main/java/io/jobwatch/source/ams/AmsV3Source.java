package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.AmsV3Options;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Reading;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.HttpAnswer;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.RequestLimits;
import io.jobwatch.source.ServiceAddress;
import io.jobwatch.source.SourceException;
import io.jobwatch.source.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A media services account that speaks the API of Azure Media Services v3: Azure Resource Manager's, as it was, or MK.IO. The jobs of each
 * transform are a list of their own. {@code lastModified} tells when the customer last changed a job, so that there is no feed of changes.
 *
 * <p>An active set takes five lists a transform: one for each state that a job can leave, as nothing but equality with a state is
 * documented of both services, and one of the jobs that were created recently.
 */
public final class AmsV3Source implements JobSource {

    /**
     * How much later than its time of creation a job may be seen for the first time, or than that of a job created after it; covers what
     * the service takes to show it, a difference between its clocks, and how long a new transform stays unknown.
     */
    static final Duration CREATED_OVERLAP = Duration.ofMinutes(2);

    private static final List<String> LIVE = AmsStates.liveNames();

    /** By creation, so that a job which appears while the pages are read comes after them. */
    private static final String ORDER = "$orderby=properties/created";

    /** Azure's codes for a 404 that is not about the job: its account cannot be found, which says nothing of it. */
    private static final Set<String> NOT_OF_THE_JOB = Set.of("SubscriptionNotFound", "InvalidSubscriptionId", "ResourceGroupNotFound",
            "InvalidResourceType", "NoRegisteredProviderFound");

    private final Clock clock;
    private final Reading reading;
    private final AmsV3Api api;
    private final Transforms transforms;

    /**
     * @param config of type {@code ams-v3}, with {@link AmsV3Options}
     * @throws ConfigException if the source's url, auth or options cannot be used
     */
    public AmsV3Source(SourceConfig config, Clock clock, RequestLimits limits) {
        if (!(config.options() instanceof AmsV3Options options)) {
            throw new ConfigException("source " + config.name() + ": expected the options of type ams-v3, found others");
        }
        this.clock = clock;
        this.reading = options.reading();
        this.api = new AmsV3Api(config, options, clock, limits);
        this.transforms = new Transforms(options.transforms(), api, clock);
    }

    /**
     * {@inheritDoc} In an active set the lists of a transform are read in the order in which a job passes through the states, so that one
     * which moves in the meantime comes up in a list that is yet to be read or has ended, and last the list of the recently created jobs,
     * which none of them leaves.
     */
    @Override
    public Listing list(Optional<String> token) throws SourceException, InterruptedException {
        ListedJobs listed = new ListedJobs(clock.instant());
        Optional<Watermark> before = reading == Reading.ACTIVE_SET ? Watermark.parse(token) : Optional.empty();
        try {
            for (String transform : transforms.names()) {
                readJobs(transform, before, listed);
            }
        } catch (SourceException e) {
            transforms.forget();
            throw e;
        }
        return reading == Reading.ACTIVE_SET ? listed.activeSet(before) : listed.snapshot();
    }

    private void readJobs(String transform, Optional<Watermark> before, ListedJobs listed) throws SourceException, InterruptedException {
        if (before.isEmpty()) {
            readJobs(transform, List.of(ORDER), listed);
        } else {
            for (String state : LIVE) {
                readJobs(transform, List.of(filter("properties/state eq '" + state + "'")), listed);
            }
            readJobs(transform, List.of(filter("properties/created ge " + before.get().since(CREATED_OVERLAP)), ORDER), listed);
        }
        if (listed.size() > Bounds.JOBS) {
            throw new SourceException("the transforms have more than " + Bounds.JOBS + " jobs together");
        }
    }

    private void readJobs(String transform, List<String> parameters, ListedJobs listed) throws SourceException, InterruptedException {
        listed.listBegan(api.list(V3JobId.jobsOf(transform), parameters, Bounds.JOBS,
                entity -> listed.add(entity, node -> V3JobReader.read(node, transform))));
    }

    @Override
    public Lookup lookup(String jobId) throws SourceException, InterruptedException {
        Optional<V3JobId> id = V3JobId.parse(jobId);
        return id.isPresent() ? lookup(id.get()) : new Lookup.Gone(); // no id that a job of such a service ever had
    }

    private Lookup lookup(V3JobId id) throws SourceException, InterruptedException {
        HttpAnswer answer = api.get(id.resource());
        if (answer.status() == 404) {
            if (!saysGone(answer)) {
                throw answer.refused();
            }
            return new Lookup.Gone();
        }
        JsonNode entity = answer.requireOk().json();
        try {
            ObservedJob job = V3JobReader.read(entity, id.transform());
            if (!job.jobId().equals(id.text())) {
                throw answer.unusable("it tells of another job than the one asked for");
            }
            return new Lookup.Found(job);
        } catch (BadEntityException e) {
            throw answer.unusable(e.getMessage());
        }
    }

    /** Lists tell the outputs too; where one left them out, the job itself is asked for. */
    @Override
    public ObservedJob withDetails(ObservedJob job) throws SourceException, InterruptedException {
        if (job.detailsAvailable()) {
            return job;
        }
        if (lookup(job.jobId()) instanceof Lookup.Found found) {
            return job.withTasks(found.job().tasks(), found.job().progress().or(job::progress));
        }
        throw new SourceException("job " + job.jobId() + " is gone, so that its outputs cannot be read");
    }

    @Override
    public void close() {
        api.close();
    }

    /** The job, its transform or the whole account may be what is not found; a 404 of something on the way is not the service's word. */
    private static boolean saysGone(HttpAnswer answer) throws SourceException {
        return answer.body().length == 0 || !NOT_OF_THE_JOB.contains(answer.json().at("/error/code").asText());
    }

    private static String filter(String expression) {
        return "$filter=" + ServiceAddress.encode(expression);
    }
}
