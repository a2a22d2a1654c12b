package io.jobwatch.poll;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.PollCursor;
import io.jobwatch.log.LogContext;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.SourceException;
import io.jobwatch.topic.access.Refusals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one source until it is interrupted or its lane is lost. Everything is fetched and decided before the transaction begins, and
 * remembered only once it is committed; a poll that failed anywhere leaves no trace but the source's status.
 */
final class SourcePoller implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SourcePoller.class);

    /** How long the clock may have been set, or the status be due, before it is noticed. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final SourceConfig config;
    private final JobSource source;
    private final Lane lane;
    private final PollRecords records;
    private final Clock clock;
    private final Backoff backoff;
    private final PollMetrics metrics;
    private final Refusals refusals;
    private final ChangeDetector detector;
    private final PollRound round;
    private final Schedule schedule;
    private final SourceMemory memory;
    private final SourceHealth health;
    private Duration longestWait;
    private boolean polled;

    SourcePoller(SourceConfig config, JobSource source, Lane lane, PollRecords records, String owner, Clock clock, Backoff backoff,
                 PollMetrics metrics, Refusals refusals) {
        this.refusals = refusals;
        this.config = config;
        this.source = source;
        this.lane = lane;
        this.records = records;
        this.clock = clock;
        this.backoff = backoff;
        this.metrics = metrics;
        this.detector = new ChangeDetector(config);
        this.round = new PollRound(config.name(), source, detector, config.detailsTimeout(), clock);
        this.schedule = new Schedule(config.name(), config.pollInterval(), config.idleInterval());
        this.memory = lane.memory(config.name());
        this.health = new SourceHealth(config, owner, memory.lastSuccessAt());
    }

    @Override
    public void run() {
        LogContext.ofSource(config.name()).run(this::pollOn);
    }

    private void pollOn() {
        metrics.began(config.name(), memory.lastSuccessAt());
        try (source) {
            Instant now = clock.instant();
            Instant planned = schedule.first(now);
            longestWait = Duration.between(now, planned);
            while (true) {
                waitUntil(planned);
                planned = poll(planned);
                longestWait = Duration.between(clock.instant(), planned);
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: polling stopped", config.name());
        } catch (LaneLostException e) {
            if (Thread.currentThread().isInterrupted()) {
                LOG.debug("{}: polling stopped in the middle of a commit", config.name(), e);
            } else {
                LOG.warn("{}: polling stopped here: {}", config.name(), refusals.explain(e).orElse(e.getMessage()));
            }
        } finally {
            metrics.ended(config.name());
        }
    }

    /** {@return when to poll next} */
    private Instant poll(Instant planned) throws InterruptedException, LaneLostException {
        Instant startedAt = clock.instant();
        health.began(planned, startedAt);
        Optional<Duration> pause = Optional.empty();
        try {
            Optional<Observations> seen = round.observe(memory);
            if (seen.isPresent()) {
                publish(seen.get());
            } else {
                memory.succeeded(startedAt, memory.token(), memory.badItems(), Map.of());
            }
            if (health.failuresInRow() > 0) {
                LOG.info("{}: answers again after {} failed polls", config.name(), health.failuresInRow());
            }
            health.succeeded(startedAt, memory.liveJobs());
            // A job that waits for a call of its own may not be remembered yet, and must not wait for an idle interval.
            schedule.polled(memory.liveJobs() + seen.map(observed -> observed.held().size()).orElse(0));
            metrics.succeeded(config.name(), startedAt);
        } catch (SourceException e) {
            pause = Optional.of(failed(e.getMessage(), e.retryAfter()));
        } catch (KafkaException e) {
            pause = Optional.of(failed("the result could not be published: " + reason(e), Optional.empty()));
        } catch (RuntimeException e) {
            // A bug, or an answer that nobody thought of: this source fails, the others of its lane go on.
            LOG.error("{}: polling failed unexpectedly", config.name(), e);
            pause = Optional.of(failed("unexpected: " + e, Optional.empty()));
        }
        metrics.polled(config.name(), Duration.between(startedAt, clock.instant()), pause.isPresent());
        metrics.stands(config.name(), health);
        Instant now = clock.instant();
        Instant next = pause.map(now::plus).orElseGet(() -> schedule.next(now));
        publishStatus(now, next);
        polled = true;
        return next;
    }

    private void publish(Observations seen) throws LaneLostException, InterruptedException {
        Changes changes = detector.detect(memory, seen);
        if (!changes.isEmpty() || !memory.polledBefore()) {
            PollCursor cursor = SourceMemory.toCursor(config.name(), seen.startedAt(), seen.token(), changes.badItems());
            lane.commit(records.of(changes, cursor));
        }
        memory.succeeded(seen.startedAt(), seen.token(), changes.badItems(), changes.memory());
        health.listed(seen.listed().size(), seen.bad().size(), changes.statesMissed());
        metrics.published(config.name(), changes.events().size(), changes.deadLetters().size(), changes.statesMissed());
    }

    private Duration failed(String reason, Optional<Duration> retryAfter) {
        health.failed(reason);
        Duration pause = backoff.pause(health.failuresInRow(), retryAfter);
        LOG.warn("{}: poll failed ({} in a row), next try in {} ms: {}", config.name(), health.failuresInRow(), pause.toMillis(), reason);
        return pause;
    }

    /** A status that cannot be published now is due again at the next poll. */
    private void publishStatus(Instant now, Instant next) throws LaneLostException, InterruptedException {
        if (!health.due(now)) {
            return;
        }
        List<ProducerRecord<byte[], byte[]>> status = List.of(records.of(health.status(now, next, schedule.interval())));
        try {
            lane.commit(status);
            health.published(now);
        } catch (KafkaException e) {
            LOG.warn("{}: its status could not be published: {}", config.name(), reason(e));
        }
    }

    private String reason(KafkaException e) {
        return refusals.explain(e).orElse(e.getMessage());
    }

    /** Waits for the time of the next poll, but never longer than was planned, as the clock may be set back; tells the status meanwhile. */
    private void waitUntil(Instant planned) throws InterruptedException, LaneLostException {
        long until = System.nanoTime() + longestWait.toNanos();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        while (true) {
            long byClock = Duration.between(clock.instant(), planned).toMillis();
            long bySteadyClock = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            long millis = Math.min(Math.min(byClock, bySteadyClock), LOOK_EVERY.toMillis());
            if (millis <= 0) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(millis);
            if (polled) {
                publishStatus(clock.instant(), planned);
            }
        }
    }
}
