package io.jobwatch.report;

import io.jobwatch.config.ReportConfig;
import io.jobwatch.config.ReportConfig.Console;
import io.jobwatch.config.Role;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.ApplicationNames;
import io.jobwatch.topic.DeadLetterMetrics;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Rights;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The report role: reads transitions and reports as the consumer group {@code <application-id>-report} and brings them to the console and
 * into files, at least once. An offset is committed only after everything before it was delivered; whatever hinders that (a full disk, no
 * registry, no broker) is logged when it begins, changes and ends, and tried again with back-off.
 *
 * <p>With the console off, transitions are not read at all; turned on again, it continues where it stopped.
 */
public final class Reporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
    private static final Duration POLL = Duration.ofMillis(500);
    /** A transaction becomes visible partition by partition: after a report, the transitions before it get this long to arrive too. */
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(8);

    private final Map<String, Object> consumerProps;
    private final List<String> subscription;
    private final TopicNames topics;
    private final Refusals refusals;
    private final AvroDecoder<JobTransition> transitions;
    private final AvroDecoder<JobErrorReport> reports;
    private final ReportFiles files;
    private final ConsolePrinter console;
    private final DeadLetters deadLetters;
    private final ReportMetrics metrics;
    private final Backlog backlog = new Backlog();
    private final Trouble trouble = new Trouble(LOG, "Reports wait", "Reports are delivered again");
    private final CountDownLatch stopping = new CountDownLatch(1);
    private KafkaConsumer<byte[], byte[]> consumer;
    private Thread thread;

    /**
     * @param kafkaProps    how any Kafka client reaches the cluster
     * @param applicationId first part of the consumer group's name
     * @param out           where the console is
     * @param meters        where it is shown how the role is doing, and dead letters are counted
     */
    public Reporter(Map<String, Object> kafkaProps, TopicNames topics, SchemaRegistry registry, ReportConfig config, String applicationId,
                    PrintStream out, MeterRegistry meters) {
        this.topics = topics;
        this.refusals = new Refusals(kafkaProps, new Rights(applicationId, topics).of(Role.REPORT));
        this.subscription = config.console() == Console.OFF ? List.of(topics.jobErrorReports())
                : List.of(topics.jobTransitions(), topics.jobErrorReports());
        this.transitions = new AvroDecoder<>(registry, JobTransition.getClassSchema());
        this.reports = new AvroDecoder<>(registry, JobErrorReport.getClassSchema());
        this.files = new ReportFiles(config.directory());
        this.console = new ConsolePrinter(config.console(), out);
        this.metrics = new ReportMetrics(meters, subscription.stream()
                .collect(Collectors.toMap(Function.identity(), topic -> topic.substring(topics.prefix().length()))), System::nanoTime);
        String group = new ApplicationNames(applicationId).reportGroup();
        this.deadLetters = new DeadLetters(kafkaProps, topics.deadLetters(), group, new DeadLetterMetrics(meters));
        this.consumerProps = new HashMap<>(kafkaProps);
        consumerProps.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        consumerProps.put(ConsumerConfig.CLIENT_ID_CONFIG, group);
        consumerProps.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        consumerProps.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumerProps.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // A killed instance is noticed after this long (default 45 s), and its reports go on elsewhere or at its next start.
        consumerProps.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        consumerProps.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        consumerProps.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        consumerProps.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    }

    /**
     * Begins to deliver, in a thread of its own.
     *
     * @throws ReportException if the reports folder cannot be written
     * @throws KafkaException  if the client's settings are wrong; a broker that does not answer is waited for instead
     */
    public synchronized void start() {
        if (thread != null) {
            throw new IllegalStateException("started already");
        }
        files.prepare();
        consumer = new KafkaConsumer<>(consumerProps);
        thread = new Thread(this::run, "jobwatch-report");
        thread.setUncaughtExceptionHandler((dead, e) -> LOG.error("The report role died", e));
        thread.start();
    }

    /** {@return whether the role works or waits to work; false before the start, after the end, and if it died of an error} */
    public synchronized boolean isRunning() {
        return thread != null && thread.isAlive() && stopping.getCount() > 0;
    }

    /** Ends within seconds: finishes the record in hand, commits what is done and leaves the group. */
    @Override
    public synchronized void close() {
        stopping.countDown();
        if (thread == null) {
            return;
        }
        consumer.wakeup();
        try {
            thread.join(CLOSE_WITHIN.toMillis());
            if (thread.isAlive()) {
                LOG.warn("The report role did not end within {} s and is interrupted", CLOSE_WITHIN.toSeconds());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        metrics.running(true);
        try {
            consumer.subscribe(subscription, new Rebalances());
            boolean goesOn = true;
            while (goesOn && stopping.getCount() > 0) {
                goesOn = roundOrWait();
            }
        } finally {
            metrics.running(false);
            leave();
        }
    }

    /** {@return false if the thread was told to end} */
    private boolean roundOrWait() {
        try {
            round();
            trouble.over();
            metrics.worked();
            return true;
        } catch (WakeupException | InterruptException e) {
            LOG.debug("Told to end", e);
            return false;
        } catch (RuntimeException e) {
            metrics.failed();
            boolean expected = e instanceof ReportException || e instanceof RegistryException || e instanceof KafkaException;
            String reason = refusals.explain(e).orElse(e.getMessage() == null ? e.getClass().getName() : e.getMessage());
            Duration wait = trouble.met(reason, e, expected);
            return await(wait);
        }
    }

    private void round() {
        if (backlog.isEmpty()) {
            consumer.resume(consumer.paused());
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            backlog.add(records);
            if (records.records(topics.jobErrorReports()).iterator().hasNext()) {
                backlog.add(consumer.poll(SETTLE));
            }
        } else {
            // Something could not be delivered: stay in the group without reading on.
            consumer.pause(consumer.assignment());
            backlog.add(consumer.poll(Duration.ZERO));
        }
        try {
            backlog.deliverAll(this::read, this::deliver);
        } finally {
            metrics.waiting(waiting());
            commit();
        }
    }

    /** {@return how many records there are to deliver, by topic, as far as the consumer has heard} */
    private Map<String, Long> waiting() {
        Map<String, Long> records = new HashMap<>();
        subscription.forEach(topic -> records.put(topic, backlog.size(topic)));
        consumer.assignment().forEach(partition -> records.merge(partition.topic(), consumer.currentLag(partition).orElse(0), Long::sum));
        return records;
    }

    private Delivery read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.topic().equals(topics.jobTransitions())
                    ? new Delivery.Transition(record, transitions.decode(record.value()))
                    : new Delivery.Report(record, reports.decode(record.value()));
        } catch (MalformedValueException e) {
            return new Delivery.Unreadable(record, e);
        }
    }

    private void deliver(Delivery delivery) {
        if (delivery instanceof Delivery.Transition transition) {
            console.print(transition.transition());
            metrics.transition();
        } else if (delivery instanceof Delivery.Report report) {
            // The file first: if it has to be tried again, the console does not repeat itself.
            files.write(report.report());
            console.print(report.report());
            metrics.report();
        } else if (delivery instanceof Delivery.Unreadable unreadable) {
            ConsumerRecord<byte[], byte[]> origin = unreadable.origin();
            deadLetters.keep(origin, unreadable.reason());
            LOG.warn("Cannot read the record {}-{}@{}, now a dead letter: {}", origin.topic(), origin.partition(), origin.offset(),
                    unreadable.reason().getMessage());
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = backlog.committable();
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets);
            backlog.committed(offsets);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // The next poll tells which partitions are still ours; what went to others is delivered again there.
            LOG.info("The group is being rebalanced, {} partitions are committed later or delivered again", offsets.size());
        }
    }

    private boolean await(Duration wait) {
        try {
            return !stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("Told to end while waiting", e);
            return false;
        }
    }

    private void leave() {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = backlog.committable();
            if (!offsets.isEmpty()) {
                consumer.commitSync(offsets, Duration.ofSeconds(2));
            }
        } catch (KafkaException e) {
            LOG.info("The last offsets could not be committed, so some reports will be delivered again: {}", e.getMessage());
        }
        try {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
            deadLetters.close();
        } catch (KafkaException e) {
            LOG.info("The report role did not leave its group in order: {}", e.getMessage());
        }
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.debug("Reading {}", partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            backlog.forget(partitions);
        }
    }
}
