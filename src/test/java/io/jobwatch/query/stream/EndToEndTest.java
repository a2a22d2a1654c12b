package io.jobwatch.query.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class EndToEndTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EndToEnd endToEnd = new EndToEnd(meters, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void shouldMeasureFromTheObservation() {
        endToEnd.came(record(NOW.minusMillis(1_250), TimestampType.CREATE_TIME));
        endToEnd.came(record(NOW.minusMillis(250), TimestampType.CREATE_TIME));

        assertThat(seconds().count()).isEqualTo(2);
        assertThat(seconds().totalAmount()).isEqualTo(1.5);
    }

    @Test
    void shouldTakeAClockThatIsAheadForNoTimeAtAll() {
        endToEnd.came(record(NOW.plusSeconds(3), TimestampType.CREATE_TIME));

        assertThat(seconds().count()).isEqualTo(1);
        assertThat(seconds().totalAmount()).isZero();
    }

    @Test
    void shouldMeasureNothingByTheTimeOfTheBroker() {
        endToEnd.came(record(NOW.minusSeconds(1), TimestampType.LOG_APPEND_TIME));

        assertThat(seconds().count()).isZero();
    }

    private DistributionSummary seconds() {
        return meters.get("jobwatch.end.to.end").summary();
    }

    private static ConsumerRecord<byte[], byte[]> record(Instant time, TimestampType type) {
        return new ConsumerRecord<>("t", 0, 0, time.toEpochMilli(), type, 0, 0, null, null, new RecordHeaders(), Optional.empty());
    }
}
