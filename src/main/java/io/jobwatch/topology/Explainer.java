package io.jobwatch.topology;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.StateMachine;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Explains what became of each observation of a job: reads those that are still in job-state-events and runs them again through what the
 * topology runs them through. Nothing is written, and no group or transaction is touched. Thread-safe; each call reads with a consumer of
 * its own, from the beginning of the job's partition, so a caller should bound how many run at once.
 *
 * <p>What it cannot show: observations that the topic's retention removed (seven days by default), so that of a job that lives longer the
 * beginning is missing, see {@link Explanation#complete()}. Where the topology forgot the job in between ({@code retain-terminal-for}) is
 * known only from its present status: of an earlier life, all is uncertain from the first observation on that came when it may have been
 * forgotten. And it decides by the rules, the schemas and the configuration of today: a record that became a dead letter because the
 * registry did not know its schema is explained as
 * what it is once the registry does. A dead letter that was put back into the topic is there twice, as what each became.
 */
public final class Explainer {
    private final Map<String, Object> kafkaProperties;
    private final TopicNames topics;
    private final TopicSchemas schemas;
    private final StateMachine machine;
    private final EventHeaders headers;
    private final Limits limits;
    private final LongSupplier nanos;

    /**
     * How much a call may cost.
     *
     * @param within       time to read; a partition of a million events takes seconds
     * @param observations the most that are listed
     * @param bytes        the most that the listed ones have in their records, unless it is a single one
     */
    public record Limits(Duration within, int observations, long bytes) {
        /** Ten seconds, a thousand observations, 16 MiB. */
        public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), 1_000, 16L << 20);
    }

    /**
     * @param kafkaProperties how to reach and authenticate with the cluster
     * @param machine         configured as the topology's
     */
    public Explainer(Map<String, Object> kafkaProperties, TopicNames topics, TopicSchemas schemas, StateMachine machine,
                     EventHeaders headers, Limits limits) {
        this(kafkaProperties, topics, schemas, machine, headers, limits, System::nanoTime);
    }

    /** @param nanos a steady clock, for the limit of time */
    Explainer(Map<String, Object> kafkaProperties, TopicNames topics, TopicSchemas schemas, StateMachine machine, EventHeaders headers,
              Limits limits, LongSupplier nanos) {
        this.kafkaProperties = Map.copyOf(kafkaProperties);
        this.topics = topics;
        this.schemas = schemas;
        this.machine = machine;
        this.headers = headers;
        this.limits = limits;
        this.nanos = nanos;
    }

    /**
     * Explains one job. A job of which the topic has no observation has an empty explanation.
     *
     * @param status the job's present status, which tells what observations that are gone would have told; empty if there is none
     * @throws TopicException                                if the cluster does not answer in time, or refuses
     * @throws io.jobwatch.registry.RegistryException        if a schema has to be asked for and the registry does not answer
     * @throws org.apache.kafka.common.errors.InterruptException if the calling thread is interrupted; its flag is set
     */
    public Explanation explain(JobKey job, Optional<JobStatus> status) {
        try (KeyReader reader = new KeyReader(kafkaProperties, topics.jobStateEvents(), job.bytes(), limits.within(), nanos)) {
            Replay replay = replay(reader.firstOffset() == 0, status);
            long readTo = reader.read(replay::take);
            return new Explanation(job, topics.jobStateEvents(), reader.partition(), reader.firstOffset(), readTo, reader.endOffset(),
                    replay.explained(), replay.leftOut(), replay.complete());
        }
    }

    /** {@return a replay of one job} Needs no cluster. */
    Replay replay(boolean fromTheStart, Optional<JobStatus> status) {
        return new Replay(new EventReader(schemas.<JobStateEvent>decoder(topics.jobStateEvents())), machine,
                new Outputs(topics, schemas, headers), fromTheStart, status, limits);
    }
}
