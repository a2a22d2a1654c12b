package io.jobwatch.query;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.topic.JobKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What jobwatch knows now, as of {@link #lag()} ago: only what is committed. Thread-safe. The questions of this interface throw
 * {@link ViewUnavailableException} while the view is not ready.
 */
public interface View {

    /** {@return whether the view has been read from the topics and can answer} */
    boolean ready();

    /** {@return the age of this view: everything committed before then is in it} Grows while the broker is out of reach. */
    Duration lag();

    /**
     * {@return how long ago everything that had been in job-state-events was processed and committed by the topology} Grows while that
     * cannot be measured, and does not wait for the view to be ready.
     */
    Duration processingLag();

    /**
     * {@return how many offsets of job-state-events the topology has not committed yet, over all partitions and whoever processes them} A
     * marker of a transaction is one, too. The last that was measured; empty before that.
     */
    OptionalLong processingLagRecords();

    /** {@return how many records could not be read since the start; the view goes without them} */
    long unreadable();

    /**
     * {@return a page of the jobs that a query lets pass, the newest change first} It may hold fewer than its limit, even none, though
     * there is a next one: where finding more would be too much work for one question, or they are large.
     */
    Page<JobStatus> jobs(JobQuery query);

    /** {@return a job's latest status, or empty where it is not known (any more)} */
    Optional<JobStatus> job(JobKey key);

    /**
     * Runs an action after each change of a job, of which some may be told together, once the change can be read here; and when the view
     * stops to answer. Whoever registers first and reads then misses nothing. It goes on through every loss of the view until the returned
     * registration is closed, and may run once more at that time.
     *
     * @param changed runs in the thread that maintains the view, so it must hand over whatever takes time, reading too
     */
    Watch watch(JobKey key, Runnable changed);

    /** A registration of {@link #watch}; closing it again does nothing. */
    @FunctionalInterface
    interface Watch extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * {@return why an attempt of a job stopped, or empty where there is no such report}
     *
     * @param attempt empty for the latest that stopped
     */
    Optional<JobErrorReport> report(JobKey key, OptionalInt attempt);

    /**
     * {@return a page of the reports of attempts that ended in ERROR, the last seen first} A cancellation is no failure. It may hold fewer
     * than its limit though there is a next one: where they are large.
     */
    Page<JobErrorReport> failures(FailureQuery query);

    /**
     * {@return a page of alerts, the last noticed first} Each job (or source) and kind is there once, as its latest record has it; ended
     * ones for thirty days. One that holds stays, but a view that begins anew knows only what the topic still has, the last thirty days.
     * The page may hold fewer than its limit though there is a next one.
     */
    Page<JobAlert> alerts(AlertQuery query);

    /** {@return how many alerts hold, by kind; nothing for none} */
    Map<AlertKind, Long> activeAlerts();

    /** {@return the whole at a glance, from counts that are kept} */
    Summary summary();

    /** {@return how each source is doing, by name} */
    List<SourceStatus> sources();
}
