package io.jobwatch.topology;

import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.Alerts;
import io.jobwatch.job.ErrorReports;
import io.jobwatch.job.JobStates;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.topology.Outputs.Output;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Turns each event into what it means: a transition, a report, a new status, an alert, or nothing. What becomes due without an event is
 * done by {@link JobTimers} and {@link SourceWatch} on the same stores.
 *
 * <p>A record is processed wholly or not at all: everything is decoded, decided, encoded and measured before the first write, so that a
 * bad record leaves no trace but its dead letter. Keys and values are raw bytes; the status is encoded once, for the store and for the
 * topic.
 */
final class DetectTransitions implements Processor<byte[], byte[], byte[], byte[]> {
    private final EventReader reader;
    private final StateMachine machine;
    private final AvroDecoder<JobStatus> statusDecoder;
    private final Outputs outputs;
    private final Alerts alerts;
    private final JobTimers timers;
    private final SourceWatch sources;
    private final TopologyMetrics metrics;

    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> store;

    DetectTransitions(EventReader reader, StateMachine machine, AvroDecoder<JobStatus> statusDecoder, Outputs outputs, Alerts alerts,
                      JobTimers timers, SourceWatch sources, TopologyMetrics metrics) {
        this.reader = reader;
        this.machine = machine;
        this.statusDecoder = statusDecoder;
        this.outputs = outputs;
        this.alerts = alerts;
        this.timers = timers;
        this.sources = sources;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        store = processorContext.getStateStore(JobTopology.STATUS_STORE);
        timers.init(processorContext, store);
        sources.init(processorContext);
    }

    @Override
    public void close() {
        timers.close();
        sources.close();
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
        try {
            process(input.key(), input.value());
        } catch (BadRecordException e) {
            metrics.deadLetter(e.reason());
            throw e;
        }
    }

    private void process(byte[] keyBytes, byte[] value) {
        JobStateEvent seen = reader.read(keyBytes, value, context.currentSystemTimeMs());
        Bytes key = Bytes.wrap(keyBytes);
        byte[] stored = store.get(key);
        JobStatus known = stored == null ? null : statusDecoder.decode(stored);
        Outcome outcome = machine.apply(known, seen);
        if (outcome instanceof Outcome.Changed changed) {
            change(key, known, changed);
        } else if (outcome instanceof Outcome.Refreshed refreshed) {
            publish(key, known, refreshed.status(), new ArrayList<>(1));
        } else if (outcome instanceof Outcome.Dropped dropped) {
            dropped.status().ifPresent(status -> publish(key, known, status, new ArrayList<>(2)));
        }
        metrics.observed(seen, outcome);
    }

    private void change(Bytes key, JobStatus known, Outcome.Changed changed) {
        JobTransition transition = changed.transition();
        List<Output> records = new ArrayList<>(3);
        records.add(outputs.transition(key, transition, changed.status()));
        if (JobStates.isStopped(transition.getCurrentState())) {
            records.add(outputs.report(key, ErrorReports.of(changed.status()), changed.status()));
        }
        publish(key, known, changed.status(), records);
    }

    private void publish(Bytes key, JobStatus known, JobStatus status, List<Output> records) {
        List<JobAlert> changes = alerts.between(known, status, status.getObservedAt());
        for (JobAlert alert : changes) {
            records.add(outputs.alert(key, alert, known, status));
        }
        Output latest = outputs.status(key, status);
        records.add(latest);

        store.put(key, latest.record().value());
        for (Output output : records) {
            context.forward(output.record(), output.sink());
        }
        timers.changed(key, known, status);
        changes.forEach(metrics::alert);
    }
}
