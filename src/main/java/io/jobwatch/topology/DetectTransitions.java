package io.jobwatch.topology;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.ErrorReports;
import io.jobwatch.job.JobStates;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topology.BadRecordException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Turns each event into what it means: a transition, a report, a new status, or nothing.
 *
 * <p>A record is processed wholly or not at all: everything is decoded, decided, encoded and measured before the first write, so that a
 * bad record leaves no trace but its dead letter. Keys and values are raw bytes; the status is encoded once, for the store and for the
 * topic.
 */
final class DetectTransitions implements Processor<byte[], byte[], byte[], byte[]> {
    /** Of key, value and headers: below the broker's and the producer's default limit of 1 MiB for a request, with room for framing. */
    static final int MAX_RECORD_BYTES = 1_000_000;

    private final EventReader reader;
    private final StateMachine machine;
    private final AvroDecoder<JobStatus> statusDecoder;
    private final AvroEncoder<JobStatus> statusEncoder;
    private final AvroEncoder<JobTransition> transitionEncoder;
    private final AvroEncoder<JobErrorReport> reportEncoder;
    private final EventHeaders headers;
    private final TopologyMetrics metrics;

    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> store;

    DetectTransitions(EventReader reader, StateMachine machine, AvroDecoder<JobStatus> statusDecoder, AvroEncoder<JobStatus> statusEncoder,
                      AvroEncoder<JobTransition> transitionEncoder, AvroEncoder<JobErrorReport> reportEncoder, EventHeaders headers,
                      TopologyMetrics metrics) {
        this.reader = reader;
        this.machine = machine;
        this.statusDecoder = statusDecoder;
        this.statusEncoder = statusEncoder;
        this.transitionEncoder = transitionEncoder;
        this.reportEncoder = reportEncoder;
        this.headers = headers;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        store = processorContext.getStateStore(JobTopology.STATUS_STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
        JobStateEvent seen;
        try {
            seen = reader.read(input.key(), input.value());
        } catch (BadRecordException e) {
            metrics.deadLetter(e.reason());
            throw e;
        }
        Bytes key = Bytes.wrap(input.key());
        byte[] stored = store.get(key);
        Outcome outcome = machine.apply(stored == null ? null : statusDecoder.decode(stored), seen);
        if (outcome instanceof Outcome.Changed changed) {
            change(key, changed, seen);
        } else if (outcome instanceof Outcome.Refreshed refreshed) {
            publish(key, refreshed.status(), List.of());
        } else if (outcome instanceof Outcome.Dropped dropped) {
            dropped.status().ifPresent(status -> publish(key, status, List.of()));
            metrics.dropped(seen.getSource(), dropped.reason());
        }
    }

    private void change(Bytes key, Outcome.Changed changed, JobStateEvent seen) {
        JobTransition transition = changed.transition();
        Instant observedAt = transition.getObservedAt();
        String occurrence = occurrence(changed.status());
        List<Output> outputs = new ArrayList<>(3);
        outputs.add(output(JobTopology.TRANSITIONS_SINK, key, transitionEncoder.encode(transition), transition.getSchema(), occurrence,
                observedAt));
        if (JobStates.isStopped(transition.getCurrentState())) {
            JobErrorReport report = ErrorReports.of(changed.status());
            outputs.add(output(JobTopology.REPORTS_SINK, key, reportEncoder.encode(report), report.getSchema(), occurrence, observedAt));
        }
        publish(key, changed.status(), outputs);
        metrics.transition(seen.getSource(), transition.getCurrentState());
        metrics.skippedStates(seen.getSource(), transition.getSkippedStates().size());
    }

    private void publish(Bytes key, JobStatus status, List<Output> others) {
        // A status is also published without a transition, so its sequence alone would not name it.
        String occurrence = occurrence(status) + "@" + status.getObservedAt().toEpochMilli();
        Output latest = output(JobTopology.STATUS_SINK, key, statusEncoder.encode(status), status.getSchema(), occurrence,
                status.getObservedAt());
        store.put(key, latest.record().value());
        for (Output output : others) {
            context.forward(output.record(), output.sink());
        }
        context.forward(latest.record(), latest.sink());
    }

    private Output output(String sink, Bytes key, byte[] value, Schema schema, String occurrence, Instant time) {
        Headers fresh = headers.of(schema, new String(key.get(), StandardCharsets.UTF_8), occurrence, time);
        int size = key.get().length + value.length;
        for (Header header : fresh) {
            size += header.key().length() + header.value().length;
        }
        if (size > MAX_RECORD_BYTES) {
            metrics.deadLetter(Reason.TOO_LARGE);
            throw new BadRecordException(Reason.TOO_LARGE, "an output of " + size + " bytes, at most " + MAX_RECORD_BYTES + " fit");
        }
        return new Output(sink, new Record<>(key.get(), value, time.toEpochMilli(), fresh));
    }

    private static String occurrence(JobStatus status) {
        return status.getFirstSeenAt().toEpochMilli() + "." + status.getSequence();
    }

    private record Output(String sink, Record<byte[], byte[]> record) {
    }
}
