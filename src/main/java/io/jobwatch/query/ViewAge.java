package io.jobwatch.query;

import io.jobwatch.config.Role;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Rights;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures, in a thread of its own, how old a view is, and how far the topology is behind that fills the topics; and watches which topics
 * these are. Thread-safe.
 */
final class ViewAge {
    private static final Logger LOG = LoggerFactory.getLogger(ViewAge.class);
    private static final long EVERY_MILLIS = 500;
    private static final long PAUSE_MILLIS = 2_000;
    private static final int ANSWER_WITHIN_MILLIS = 5_000;
    /** While a target is not reached the ends are asked for only to tell how far away they are. */
    private static final Duration LATEST_EVERY = Duration.ofSeconds(5);

    private final Map<String, Object> kafkaProps;
    private final TopicNames topics;
    private final String applicationId;
    private final Refusals refusals;
    private final Supplier<Map<TopicPartition, Long>> viewPositions;
    private final Consumer<Origin> viewOrigin;
    private final Freshness view = new Freshness(System::nanoTime);
    private final Freshness processing = new Freshness(System::nanoTime);
    private final Thread thread = new Thread(this::live, "jobwatch-view-age");
    private volatile OptionalLong processingRecords = OptionalLong.empty();

    /** Tells how far someone has come. */
    @FunctionalInterface
    private interface Progress {
        Map<TopicPartition, Long> towards(Map<TopicPartition, Long> ends) throws ExecutionException, TimeoutException, InterruptedException;
    }

    /**
     * @param kafkaProps    how any Kafka client reaches the cluster
     * @param applicationId the consumer group of the topology
     * @param viewPositions for each partition of the view's topics the offset of the next record
     * @param viewOrigin    told in each round which topics the view has to be read from
     */
    ViewAge(Map<String, Object> kafkaProps, TopicNames topics, String applicationId, Supplier<Map<TopicPartition, Long>> viewPositions,
            Consumer<Origin> viewOrigin) {
        this.kafkaProps = Map.copyOf(kafkaProps);
        this.topics = topics;
        this.applicationId = applicationId;
        this.refusals = new Refusals(kafkaProps, new Rights(applicationId, topics).of(Role.QUERY));
        this.viewPositions = viewPositions;
        this.viewOrigin = viewOrigin;
    }

    void start() {
        thread.start();
    }

    /** {@return the age of the view: everything committed before then is in it} */
    Duration view() {
        return view.age();
    }

    /** {@return how long ago everything that had been in job-state-events was processed and committed} */
    Duration processing() {
        return processing.age();
    }

    /** {@return how many offsets of job-state-events were not processed when that was last measured} */
    OptionalLong processingRecords() {
        return processingRecords;
    }

    /** Tells it to end, which takes it seconds at the most. */
    void stop() {
        thread.interrupt();
    }

    /** Waits for its end after {@link #stop()}. */
    void join(Duration atMost) throws InterruptedException {
        thread.join(Math.max(1, atMost.toMillis()));
    }

    /** A client may fail to start, for want of a name server, say. */
    private void live() {
        String failure = null;
        try {
            while (true) {
                try {
                    measure();
                } catch (InterruptException e) {
                    throw e;
                } catch (RuntimeException e) {
                    String reason = refusals.describe(e);
                    if (!reason.equals(failure)) {
                        LOG.warn("The age of the view and the lag of the processing cannot be measured and are taken to grow: {}", reason,
                                e);
                    }
                    failure = reason;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("The view was told to end", e);
        }
    }

    private void measure() throws InterruptedException {
        Map<String, Object> adminProps = new HashMap<>(kafkaProps);
        adminProps.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS);
        adminProps.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS);
        Admin admin = Admin.create(adminProps);
        try (GroupProgress group = new GroupProgress(admin, applicationId, kafkaProps)) {
            Measure ofView = new Measure("age of the view", view, new TopicEnds(admin, List.of(topics.jobStatus(),
                    topics.jobErrorReports(), topics.jobAlerts(), topics.sourceStatus())), viewOrigin, ends -> viewPositions.get(),
                    any -> { });
            Measure ofProcessing = new Measure("lag of the processing", processing,
                    new TopicEnds(admin, List.of(topics.jobStateEvents())), any -> { }, group::towards,
                    left -> processingRecords = OptionalLong.of(left));
            while (true) {
                ofView.take();
                ofProcessing.take();
                Thread.sleep(EVERY_MILLIS);
            }
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /** One of the two, with what it aims at. */
    private final class Measure {
        private final String name;
        private final Freshness freshness;
        private final TopicEnds ends;
        private final Consumer<Origin> told;
        private final Progress progress;
        private final LongConsumer left;
        private Origin origin;
        private Map<TopicPartition, Long> target = Map.of();
        private Map<TopicPartition, Long> latest = Map.of();
        private long latestAt;
        private String failure;

        private Measure(String name, Freshness freshness, TopicEnds ends, Consumer<Origin> told, Progress progress,
                        LongConsumer left) {
            this.name = name;
            this.freshness = freshness;
            this.ends = ends;
            this.told = told;
            this.progress = progress;
            this.left = left;
        }

        private void take() throws InterruptedException {
            try {
                Origin found = ends.origin();
                if (!found.equals(origin)) {
                    freshness.dropTarget();   // it was one of the topics before
                }
                origin = found;
                told.accept(found);
                if (freshness.wantsTarget()) {
                    long askedAt = System.nanoTime();
                    target = ends.ask();
                    latest = target;
                    latestAt = askedAt;
                    freshness.target(askedAt, target);
                } else if (System.nanoTime() - latestAt >= LATEST_EVERY.toNanos()) {
                    latestAt = System.nanoTime();
                    latest = ends.ask();
                }
                Map<TopicPartition, Long> reached = progress.towards(target);
                freshness.reached(reached);
                left.accept(latest.entrySet().stream()
                        .mapToLong(end -> Math.max(0, end.getValue() - reached.getOrDefault(end.getKey(), 0L))).sum());
                failure = null;
            } catch (InterruptException e) {
                throw e;
            } catch (ExecutionException | TimeoutException | KafkaException e) {
                String reason = refusals.describe(e);
                if (!reason.equals(failure)) {
                    LOG.warn("The {} cannot be measured and is taken to grow: {}", name, reason);
                }
                failure = reason;
            } catch (RuntimeException e) {
                LOG.error("The {} cannot be measured and is taken to grow", name, e);   // a bug, which must not end the other measure
            }
        }
    }
}
