package io.jobwatch.topology;

import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.Outcome;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.DeadLetterMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * What the topology counts. Thread-safe; looking a counter up again costs a map access.
 *
 * <p>The number of series is bounded whatever events say: the sources that are configured here are counted under their names, and so are
 * {@value #MAX_OTHERS} more, the first that are met; what is left is counted under {@value #REST}.
 */
public final class TopologyMetrics {
    /** Stands for all sources that have no series of their own. No source can have this name. */
    static final String REST = "_rest";

    /** Sources of other instances, if what they poll is processed here. */
    static final int MAX_OTHERS = 1_000;

    /** Of those the ones with histograms of their own, which are many series each. */
    static final int MAX_OTHERS_WITH_TIMES = 100;

    /** Any other name is not of a source, and as long as the writer of the event liked. */
    private static final Pattern SOURCE_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,99}");

    private final MeterRegistry meters;
    private final DeadLetterMetrics deadLetters;
    private final Map<String, SourceCounters> bySource = new ConcurrentHashMap<>();
    private final SourceCounters rest;
    private final StayTimes restTimes;
    private final AtomicInteger codesLeft = CodeLabels.budget();
    private final int configured;

    public TopologyMetrics(MeterRegistry meters) {
        this(meters, List.of());
    }

    /** @param sources names of the configured sources: each is counted under its name, however many others are met before */
    public TopologyMetrics(MeterRegistry meters, Collection<String> sources) {
        this.meters = meters;
        for (String source : sources) {
            StayTimes times = new StayTimes(meters, source);
            times.show();
            bySource.put(source, new SourceCounters(meters, source, codesLeft, times));
        }
        configured = bySource.size();
        restTimes = new StayTimes(meters, REST);
        rest = new SourceCounters(meters, REST, codesLeft, restTimes);
        deadLetters = new DeadLetterMetrics(meters);
        for (BadRecordException.Reason reason : BadRecordException.Reason.values()) {
            deadLetters.count(DeadLetterHeaders.STREAM, reason.name(), 0);   // shown from the beginning
        }
    }

    /** Counts what an observation led to, once that is on its way. */
    void observed(JobStateEvent seen, Outcome outcome) {
        of(seen.getSource()).observed(seen, outcome);
    }

    void alert(JobAlert alert) {
        of(alert.getSource()).alert(alert);
    }

    void forgotten(String source) {
        of(source).forgotten();
    }

    void deadLetter(BadRecordException.Reason reason) {
        deadLetters.count(DeadLetterHeaders.STREAM, reason.name(), 1);
    }

    private SourceCounters of(String source) {
        SourceCounters known = bySource.get(source);
        return known == null ? admitted(source) : known;
    }

    private synchronized SourceCounters admitted(String source) {
        SourceCounters known = bySource.get(source);
        if (known != null) {
            return known;   // another thread was faster
        }
        int others = bySource.size() - configured;
        if (others >= MAX_OTHERS || !SOURCE_NAME.matcher(source).matches()) {
            return rest;
        }
        StayTimes times = others < MAX_OTHERS_WITH_TIMES ? new StayTimes(meters, source) : restTimes;
        SourceCounters fresh = new SourceCounters(meters, source, codesLeft, times);
        bySource.put(source, fresh);
        return fresh;
    }
}
