package io.jobwatch.query.stream;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * How long transitions took from the look at the service to here, as any consumer of committed records has them. Thread-safe.
 *
 * <p>A transition's record has the time of the observation ({@code observedAt}). Where the topic was made to tell the broker's time
 * instead, nothing is measured.
 */
final class EndToEnd {
    private static final double[] BUCKETS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};

    private final DistributionSummary seconds;
    private final Clock clock;

    EndToEnd(MeterRegistry meters, Clock clock) {
        this.clock = clock;
        seconds = DistributionSummary.builder("jobwatch.end.to.end").baseUnit("seconds").serviceLevelObjectives(BUCKETS)
                .description("Transitions that came into the stream, with the time since they were observed").register(meters);
    }

    /** @param record of a transition that was committed while it was waited for */
    void came(ConsumerRecord<byte[], byte[]> record) {
        if (record.timestampType() == TimestampType.CREATE_TIME) {
            seconds.record(Math.max(0, clock.millis() - record.timestamp()) / 1000.0);
        }
    }
}
