package io.jobwatch.poll;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.job.JobStates;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import io.jobwatch.source.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A service whose jobs go on while it is read. Times are whole seconds, so several changes have the same; a change may become visible
 * later than its time says; the clock of its times, the one of its answers and ours all differ.
 */
final class ServiceModel implements JobSource {
    /** Longer than a change may be late and a listing may take, together. */
    static final Duration OVERLAP = Duration.ofSeconds(60);
    static final int MAX_LATE_SECONDS = 20;
    private static final int PAGE = 2;
    private static final Comparator<Row> BY_CHANGE = Comparator.comparing(Row::modified).thenComparing(Row::id);

    /** How it can be read. */
    enum Reading { SNAPSHOT, ACTIVE_SET, FEED }

    /** What may happen to a job. */
    enum Act { CREATE, ADVANCE, STOP, REQUEUE, DELETE }

    /**
     * Something that happens.
     *
     * @param job         which of the jobs that there are
     * @param lateSeconds how much older its time is than the moment when it shows
     * @param passSeconds how much time passes then
     */
    record Happening(Act act, int job, int lateSeconds, int passSeconds) {
    }

    /** A job as the service has it. */
    record Row(String id, JobState state, int attempt, Instant created, Instant modified) {
    }

    private final Reading reading;
    private final SettableClock clock;
    private final Duration timesAhead;
    private final Duration datesAhead;
    private final Map<String, Row> rows = new TreeMap<>();
    private int created;
    /** Jobs that a look-up in the present poll was told the service does not know. */
    final Set<String> saidGone = new HashSet<>();
    private List<Happening> betweenPages = List.of();
    private int pagesUntilFailure = -1;
    private boolean callsFail;

    /**
     * @param clock      ours
     * @param timesAhead what the clock of the jobs' times differs from it
     * @param datesAhead what the clock of the answers differs from it
     */
    ServiceModel(Reading reading, SettableClock clock, Duration timesAhead, Duration datesAhead) {
        this.reading = reading;
        this.clock = clock;
        this.timesAhead = timesAhead;
        this.datesAhead = datesAhead;
    }

    Map<String, Row> rows() {
        return rows;
    }

    /**
     * Prepares the next poll.
     *
     * @param during       one of them happens after each page
     * @param failingPage  the page that cannot be read, from 0; negative for none
     * @param failingCalls whether the calls for single jobs fail
     */
    void next(List<Happening> during, int failingPage, boolean failingCalls) {
        betweenPages = new ArrayList<>(during);
        pagesUntilFailure = failingPage;
        callsFail = failingCalls;
        saidGone.clear();
    }

    void happen(Happening happening) {
        Instant time = clock.instant().plus(timesAhead).minusSeconds(happening.lateSeconds()).truncatedTo(ChronoUnit.SECONDS);
        List<Row> all = List.copyOf(rows.values());
        if (happening.act() == Act.CREATE) {
            String id = "job-" + created++;
            rows.put(id, new Row(id, JobState.QUEUED, 1, time, time));
        } else if (!all.isEmpty()) {
            change(all.get(happening.job() % all.size()), happening.act(), time);
        }
        clock.advance(Duration.ofSeconds(happening.passSeconds()));
    }

    private void change(Row row, Act act, Instant time) {
        Instant later = time.isBefore(row.modified()) ? row.modified() : time;
        boolean ended = JobStates.isTerminal(row.state());
        switch (act) {
            case ADVANCE -> {
                if (!ended) {
                    JobState next = row.state() == JobState.QUEUED ? JobState.PROCESSING : JobState.FINISHED;
                    rows.put(row.id(), new Row(row.id(), next, row.attempt(), row.created(), later));
                }
            }
            case STOP -> {
                if (!ended) {
                    rows.put(row.id(), new Row(row.id(), JobState.ERROR, row.attempt(), row.created(), later));
                }
            }
            case REQUEUE -> rows.put(row.id(), new Row(row.id(), JobState.QUEUED, row.attempt() + 1, row.created(), later));
            case DELETE -> rows.remove(row.id());
            case CREATE -> throw new IllegalArgumentException("there is one");
        }
    }

    @Override
    public Listing list(Optional<String> token) throws SourceException {
        Instant date = clock.instant().plus(datesAhead).truncatedTo(ChronoUnit.SECONDS);
        Optional<Watermark> before = Watermark.parse(token);
        Predicate<Instant> since = time -> before.map(mark -> !time.isBefore(mark.since(OVERLAP))).orElse(true);
        Map<String, Row> read = new LinkedHashMap<>();
        switch (reading) {
            case SNAPSHOT -> {
                pages(read, Comparator.comparing(Row::id), row -> true);
                return new Listing.Snapshot(jobs(read), List.of(), Optional.empty());
            }
            case ACTIVE_SET -> {
                pages(read, Comparator.comparing(Row::id), row -> since.test(row.created()));
                pages(read, Comparator.comparing(Row::id), row -> row.state() == JobState.QUEUED);
                pages(read, Comparator.comparing(Row::id), row -> row.state() == JobState.PROCESSING);
                return new Listing.ActiveSet(jobs(read), List.of(), token(before, read.values().stream().map(Row::created).toList(), date));
            }
            default -> {
                pages(read, BY_CHANGE, row -> since.test(row.modified()));
                return new Listing.Feed(jobs(read), List.of(), token(before, read.values().stream().map(Row::modified).toList(), date));
            }
        }
    }

    private static Optional<String> token(Optional<Watermark> before, List<Instant> times, Instant date) {
        return Watermark.next(before, times.stream().max(Comparator.naturalOrder()), date).map(Watermark::token);
    }

    /** Reads page after page, each from the last row of the one before; something happens after each. */
    private void pages(Map<String, Row> read, Comparator<Row> order, Predicate<Row> filter) throws SourceException {
        Row last = null;
        while (true) {
            if (pagesUntilFailure-- == 0) {
                throw new SourceException("HTTP 503");
            }
            Row after = last;
            List<Row> page = rows.values().stream().filter(filter).filter(row -> after == null || order.compare(row, after) > 0)
                    .sorted(order).limit(PAGE).toList();
            page.forEach(row -> read.put(row.id(), row));
            if (!betweenPages.isEmpty()) {
                happen(betweenPages.remove(0));
            }
            if (page.size() < PAGE) {
                return;
            }
            last = page.get(PAGE - 1);
        }
    }

    @Override
    public Lookup lookup(String jobId) throws SourceException {
        if (callsFail) {
            throw new SourceException("HTTP 500");
        }
        Row row = rows.get(jobId);
        if (row == null) {
            saidGone.add(jobId);
            return new Lookup.Gone();
        }
        return new Lookup.Found(job(row));
    }

    @Override
    public ObservedJob withDetails(ObservedJob job) throws SourceException {
        if (callsFail) {
            throw new SourceException("HTTP 500");
        }
        return job.withTasks(List.of(JobBuilder.task("1", job.state(), List.of(new ErrorDetail("E", "failed")))));
    }

    @Override
    public void close() {
        // nothing is held
    }

    private static List<ObservedJob> jobs(Map<String, Row> read) {
        return read.values().stream().map(ServiceModel::job).toList();
    }

    private static ObservedJob job(Row row) {
        JobBuilder job = JobBuilder.job(row.id(), row.state()).attempt(row.attempt()).created(row.created());
        return (row.state() == JobState.ERROR ? job.withoutDetails() : job).build();
    }
}
