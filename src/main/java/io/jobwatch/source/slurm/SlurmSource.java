package io.jobwatch.source.slurm;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.HttpAnswer;
import io.jobwatch.source.HttpExchange;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.RequestLimits;
import io.jobwatch.source.ServiceAddress;
import io.jobwatch.source.SourceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The jobs of a Slurm cluster, read from slurmrestd. A listing is a snapshot of all jobs that slurmctld still knows: ended ones stay for
 * MinJobAge (300 s by default) or longer. A job is {@code <job_id>}, or {@code <array_job_id>_<index>} if it is a task of an array, from
 * its submission on: the tasks of an array that wait share one record, and get one of their own, under another job_id, when they start.
 *
 * <p>The source's url is slurmrestd's address, and the API's version in it, if it is not {@value #DEFAULT_VERSION}: {@code
 * http://host:6820} or {@code http://host:6820/slurm/v0.0.40}.
 */
public final class SlurmSource implements JobSource {

    private static final String DEFAULT_VERSION = "v0.0.38";
    private static final Map<String, String> HEADERS = Map.of("Accept", "application/json", "User-Agent", "jobwatch");
    private static final Pattern NAMES_VERSION = Pattern.compile(".*/slurm/v[^/]+/*");

    /**
     * slurmrestd has no pages: one body holds all jobs that slurmctld knows, 10,000 by default (MaxJobCount) and more on a large cluster,
     * at 3 to 5 kB a record. This is room for 50,000.
     */
    private static final int BODY_BYTES = 256 * 1024 * 1024;

    private static final Pattern JOB_ID = Pattern.compile("([1-9]\\d{0,9})(?:_(\\d{1,9}))?");

    /**
     * How far before the beginning of a listing its token lies. slurmrestd tells no time, so that the token is of our own clock, and
     * Slurm compares whole seconds.
     */
    private static final Duration TOKEN_MARGIN = Duration.ofSeconds(2);

    /**
     * After this time a full answer is asked for whatever the token says. Where our clock is ahead of Slurm's by more than the margin,
     * Slurm may take a change for one that was listed already; this bounds how long it stays unseen.
     */
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(30);

    private final ServiceAddress address;
    /** What lies between the configured address and the resources. */
    private final String api;
    private final Clock clock;
    private final HttpExchange http;

    /**
     * @param config of type {@code slurm}
     * @param clock  tells when a listing began; should be within two seconds of Slurm's
     * @param limits what requests have to pass
     * @throws io.jobwatch.config.ConfigException if the source's url or auth cannot be used
     */
    public SlurmSource(SourceConfig config, Clock clock, RequestLimits limits) {
        this.address = ServiceAddress.of(config);
        this.api = NAMES_VERSION.matcher(config.url().getPath()).matches() ? "" : "slurm/" + DEFAULT_VERSION + "/";
        this.clock = clock;
        this.http = new HttpExchange(config, BODY_BYTES, clock, limits);
    }

    /** Slurm answers that nothing changed only if its last change was before the second that the token names. */
    @Override
    public Listing list(Optional<String> token) throws SourceException, InterruptedException {
        Instant began = clock.instant();
        Optional<Long> since = token.flatMap(text -> updateTime(text, began));
        HttpAnswer answer = ask("jobs", since.map(second -> "update_time=" + second).orElse(""));
        if (answer.status() == 304 && since.isPresent()) {
            return new Listing.Unchanged();
        }
        SlurmAnswer read = accepted(answer);
        return new Listing.Snapshot(jobs(answer, read.records()), read.bad(),
                Optional.of(Long.toString(began.minus(TOKEN_MARGIN).getEpochSecond())));
    }

    /** An array's tasks are asked for with the array's id, for Slurm knows no other address of a task that waits. */
    @Override
    public Lookup lookup(String jobId) throws SourceException, InterruptedException {
        Matcher id = JOB_ID.matcher(jobId);
        if (!id.matches()) {
            return new Lookup.Gone(); // no id that Slurm ever gave
        }
        HttpAnswer answer = ask("job/" + id.group(1), "");
        if (answer.status() != 200 && isJson(answer) && SlurmAnswer.read(answer).saysNoSuchJob()) {
            return new Lookup.Gone();
        }
        SlurmAnswer read = accepted(answer);
        Optional<ObservedJob> found = find(read.records(), jobId, Optional.ofNullable(id.group(2)).map(Integer::valueOf));
        if (found.isPresent()) {
            return new Lookup.Found(found.get());
        }
        if (!read.bad().isEmpty()) {
            BadItem bad = read.bad().get(0);
            throw answer.unusable("a record cannot be read: " + bad.reason());
        }
        if (read.records().isEmpty()) {
            throw answer.unusable("neither a job nor an error in it");
        }
        // Slurm knows the array but not the task: it was cancelled alone while it waited, of which no record is kept.
        return new Lookup.Gone();
    }

    /** The listing holds all that Slurm tells of a stop. */
    @Override
    public ObservedJob withDetails(ObservedJob job) {
        return job.detailsAvailable() ? job : job.withTasks(job.tasks());
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpAnswer ask(String resource, String query) throws SourceException, InterruptedException {
        return http.get(address.resolve(api + resource, query), HEADERS);
    }

    private static Optional<Long> updateTime(String token, Instant now) {
        if (!token.matches("\\d{1,11}")) {
            return Optional.empty();
        }
        long second = Long.parseLong(token);
        Duration age = Duration.between(Instant.ofEpochSecond(second), now);
        return age.isNegative() || age.compareTo(TOKEN_LIFE) > 0 ? Optional.empty() : Optional.of(second);
    }

    private static SlurmAnswer accepted(HttpAnswer answer) throws SourceException {
        if (answer.status() != 200) {
            throw refused(answer);
        }
        SlurmAnswer read = SlurmAnswer.read(answer);
        if (!read.errors().isEmpty()) {
            throw answer.unusable("Slurm reports an error: " + Bounds.text(read.errors().get(0).text(), Bounds.WORD_CHARS));
        }
        return read;
    }

    /** Says what Slurm's own words do not: which of its answers mean what. Measured on 22.05.8. */
    private static SourceException refused(HttpAnswer answer) {
        SourceException refused = answer.refused();
        String hint = switch (answer.status()) {
            case 404 -> "; if this slurmrestd does not offer the version in this address, name one that it does in the source's url,"
                    + " such as http://host:6820/slurm/v0.0.40";
            case 500 -> "; slurmrestd says this when the token is wrong or has expired, and when slurmctld does not answer";
            default -> "";
        };
        return hint.isEmpty() ? refused : new SourceException(refused.getMessage() + hint, refused.retryAfter(), refused.getCause());
    }

    private static boolean isJson(HttpAnswer answer) {
        return answer.header("Content-Type").orElse("").startsWith("application/json");
    }

    /** A record of a task's own always wins over one that names the task among those which wait, as that may be older. */
    private static List<ObservedJob> jobs(HttpAnswer answer, List<SlurmRecord> records) throws SourceException {
        Map<String, ObservedJob> jobs = new LinkedHashMap<>();
        List<SlurmRecord> rests = new ArrayList<>();
        for (SlurmRecord record : records) {
            if (record.arrayTasks().isPresent()) {
                rests.add(record);
            } else {
                jobs.putIfAbsent(record.observedId(), ObservedJobs.of(record, record.observedId()));
            }
        }
        long named = jobs.size() + rests.stream().mapToLong(rest -> rest.arrayTasks().get().count()).sum();
        if (named > Bounds.JOBS) {
            throw answer.unusable("it lists " + named + " jobs, waiting tasks of arrays included; at most "
                    + Bounds.JOBS + " can be watched");
        }
        for (SlurmRecord rest : rests) {
            rest.arrayTasks().get().indexes().mapToObj(rest::taskId)
                    .forEach(id -> jobs.computeIfAbsent(id, task -> ObservedJobs.of(rest, task)));
        }
        return List.copyOf(jobs.values());
    }

    private static Optional<ObservedJob> find(List<SlurmRecord> records, String jobId, Optional<Integer> task) {
        for (SlurmRecord record : records) {
            if (record.arrayTasks().isEmpty() && record.observedId().equals(jobId)) {
                return Optional.of(ObservedJobs.of(record, jobId));
            }
        }
        for (SlurmRecord record : records) {
            boolean mayHold = task.isPresent() && record.arrayTasks().filter(tasks -> tasks.mayHold(task.get())).isPresent();
            if (mayHold && record.taskId(task.get()).equals(jobId)) {
                return Optional.of(ObservedJobs.of(record, jobId));
            }
        }
        return Optional.empty();
    }
}
