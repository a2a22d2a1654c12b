package io.jobwatch.cli;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.JobLoad;
import io.jobwatch.job.JobLoad.Change;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.topic.JobKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes what pollers say of two sources: one whose jobs never change after they were first seen, all of it at once, and one whose jobs
 * change all the time, at a steady rate in a thread of its own. Knows of each job what it goes through.
 */
final class ViewLoad implements AutoCloseable {
    static final String QUIET_SOURCE = "quiet";
    static final String BUSY_SOURCE = JobEvents.SOURCE;
    static final String QUIET_ACCOUNT = "fabrikam";
    private static final int QUIET_JOBS = 700;
    /** How many events ahead a job is said to change soon: less than half a second. */
    private static final int SOON = 20;

    private final JobLoad busy;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroEncoder<JobStateEvent> encoder;
    private final Map<String, List<Change>> paths = new HashMap<>();
    private final Map<JobState, Long> quietCounts = new HashMap<>();
    private final Sightings published = new Sightings();
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final Thread thread;
    private volatile int next;
    private volatile boolean hurry;
    private volatile RuntimeException failure;

    /**
     * @param events    of the busy source
     * @param perSecond so many of them are published
     */
    ViewLoad(Map<String, Object> kafka, String topic, AvroEncoder<JobStateEvent> encoder, long seed, int events, int perSecond) {
        this.busy = JobLoad.of(seed, events, Instant.now().minus(Duration.ofHours(1)));
        this.topic = topic;
        this.encoder = encoder;
        this.producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        busy.changes().forEach((jobId, changes) -> paths.put(new JobKey(BUSY_SOURCE, jobId).toString(), changes));
        for (int i = 0; i < QUIET_JOBS; i++) {
            publishQuiet(i);
        }
        this.thread = new Thread(() -> publishBusy(perSecond), "view-load");
    }

    /** Begins to publish what the busy source shows. */
    void start() {
        thread.start();
    }

    /** {@return all that a job goes through, the change of sequence n at place n - 1; null where there is no such job} */
    List<Change> path(String key) {
        return paths.get(key);
    }

    Set<String> keys() {
        return paths.keySet();
    }

    /** {@return a job of the busy source that something is about to be published of} */
    String soon() {
        JobStateEvent event = busy.events().get(Math.min(next + SOON, busy.events().size() - 1));
        return new JobKey(event.getSource(), event.getJobId()).toString();
    }

    /** {@return how many jobs of the quiet source are in each state, for ever} */
    Map<JobState, Long> quietCounts() {
        return quietCounts;
    }

    /** {@return what was handed to the producer when: the changes cannot have been seen anywhere before} */
    Sightings published() {
        return published;
    }

    /** Publishes the rest at once, and returns when all of it is on the topic. */
    void finish() {
        hurry = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("an event could not be published", e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void publishQuiet(int number) {
        JobState state = JobState.values()[number % JobState.CANCELING.ordinal()];
        JobStateEvent event = JobEvents.event("still-" + number, state, busy.events().get(0).getObservedAt().toEpochMilli() - number);
        event.setSource(QUIET_SOURCE);
        event.setAccount(QUIET_ACCOUNT);
        String key = new JobKey(QUIET_SOURCE, event.getJobId()).toString();
        paths.put(key, List.of(new Change(1, null, 1, null, state, List.of(), event.getObservedAt())));
        quietCounts.merge(state, 1L, Long::sum);
        publish(key, event);
    }

    private void publishBusy(int perSecond) {
        long start = System.nanoTime();
        try {
            for (int i = 0; i < busy.events().size(); i++) {
                long due = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
                for (long left = due - System.nanoTime(); left > 0 && !hurry; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                next = i;
                JobStateEvent event = busy.events().get(i);
                publish(new JobKey(event.getSource(), event.getJobId()).toString(), event);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void publish(String key, JobStateEvent event) {
        paths.get(key).stream().filter(change -> change.observedAt().equals(event.getObservedAt())).findFirst()
                .ifPresent(change -> published.saw(key, change.sequence()));
        sent.add(producer.send(new ProducerRecord<>(topic, new JobKey(event.getSource(), event.getJobId()).bytes(),
                encoder.encode(event))));
    }

    @Override
    public void close() {
        hurry = true;
        producer.close(Duration.ZERO);   // ends the thread, too
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
