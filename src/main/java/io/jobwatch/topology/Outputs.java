package io.jobwatch.topology;

import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topology.BadRecordException.Reason;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;

/** Encodes what the topology writes, with headers and checked for its size. Belongs to the task's thread. */
final class Outputs {
    /** Of key, value and headers: below the broker's and the producer's default limit of 1 MiB for a request, with room for framing. */
    static final int MAX_RECORD_BYTES = 1_000_000;

    /** What a status may grow by when an alert is noted in it, so that whatever was stored once can be stored again. */
    private static final int ROOM_FOR_NOTES = 100;

    private final AvroEncoder<JobStatus> statuses;
    private final AvroEncoder<JobTransition> transitions;
    private final AvroEncoder<JobErrorReport> reports;
    private final AvroEncoder<JobAlert> alerts;
    private final EventHeaders.Maker headers;

    /**
     * A record ready to be written.
     *
     * @param sink name of the node that writes it
     */
    record Output(String sink, Record<byte[], byte[]> record) {
    }

    Outputs(TopicNames topics, TopicSchemas schemas, EventHeaders headers) {
        this.statuses = schemas.encoder(topics.jobStatus());
        this.transitions = schemas.encoder(topics.jobTransitions());
        this.reports = schemas.encoder(topics.jobErrorReports());
        this.alerts = schemas.encoder(topics.jobAlerts());
        this.headers = headers.maker();
    }

    /**
     * {@return the status as it stands after an observation}
     *
     * @throws BadRecordException if it would not fit; the same for the others that follow from an observation
     */
    Output status(Bytes key, JobStatus status) {
        Instant time = status.getObservedAt();
        // A status is also published without a transition, so its sequence alone would not name it.
        return checked(MAX_RECORD_BYTES - ROOM_FOR_NOTES, JobTopology.STATUS_SINK, key, statuses.encode(status),
                headers.of(status.getSchema(), key.get(), occurrence(status) + "@" + time.toEpochMilli(), time), time);
    }

    /** {@return the status with the alert of its stay noted in it at a time} There is one alert for each stay at the most. */
    Output alertedStatus(Bytes key, JobStatus status, Instant now) {
        return checked(MAX_RECORD_BYTES, JobTopology.STATUS_SINK, key, statuses.encode(status),
                headers.of(status.getSchema(), key.get(), occurrence(status) + ".alerted", now), now);
    }

    /** {@return the end of a job's status: a tombstone} */
    Output forgotten(Bytes key, JobStatus status, Instant now) {
        return checked(MAX_RECORD_BYTES, JobTopology.STATUS_SINK, key, null,
                headers.of(status.getSchema(), key.get(), occurrence(status) + ".forgotten", now), now);
    }

    Output transition(Bytes key, JobTransition transition, JobStatus status) {
        Instant time = transition.getObservedAt();
        return checked(MAX_RECORD_BYTES, JobTopology.TRANSITIONS_SINK, key, transitions.encode(transition),
                headers.of(transition.getSchema(), key.get(), occurrence(status), time), time);
    }

    Output report(Bytes key, JobErrorReport report, JobStatus status) {
        Instant time = report.getObservedAt();
        return checked(MAX_RECORD_BYTES, JobTopology.REPORTS_SINK, key, reports.encode(report),
                headers.of(report.getSchema(), key.get(), occurrence(status), time), time);
    }

    /**
     * {@return an alert about a job, or its end} By the clock of whoever notices it, the same alert would get another id when it is raised
     * again after an aborted transaction; by the status in which it is active and by its kind and beginning, it does not.
     *
     * @param before the status before, null where there was none
     * @param after  the status after, null where the job is forgotten
     */
    Output alert(Bytes key, JobAlert alert, JobStatus before, JobStatus after) {
        JobStatus active = alert.getActive() ? after : before;
        return alert(key, alert, occurrence(active) + "." + alert.getKind() + "." + alert.getSince().toEpochMilli());
    }

    /**
     * {@return an alert about a source, or its end} The same silence may raise a second one, after the first ended because the source was
     * no longer watched: when it was raised tells them apart.
     *
     * @param raised the alert as it was raised, whose end the other one may be
     */
    Output sourceAlert(Bytes key, JobAlert alert, JobAlert raised) {
        return alert(key, alert,
                raised.getKind() + "." + raised.getSince().toEpochMilli() + "." + raised.getDetectedAt().toEpochMilli());
    }

    private Output alert(Bytes key, JobAlert alert, String occurrence) {
        return checked(MAX_RECORD_BYTES, JobTopology.ALERTS_SINK, key, alerts.encode(alert),
                headers.of(alert.getSchema(), key.get(), alert.getActive() ? occurrence : occurrence + ".end", alert.getDetectedAt()),
                alert.getDetectedAt());
    }

    private static Output checked(int limit, String sink, Bytes key, byte[] value, Headers headers, Instant time) {
        int size = key.get().length + (value == null ? 0 : value.length);
        for (Header header : headers) {
            size += header.key().length() + header.value().length;
        }
        if (size > limit) {
            throw new BadRecordException(Reason.TOO_LARGE, "an output of " + size + " bytes, at most " + limit + " fit");
        }
        return new Output(sink, new Record<>(key.get(), value, time.toEpochMilli(), headers));
    }

    private static String occurrence(JobStatus status) {
        return status.getFirstSeenAt().toEpochMilli() + "." + status.getSequence();
    }
}
