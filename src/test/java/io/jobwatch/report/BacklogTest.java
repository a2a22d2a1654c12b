package io.jobwatch.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.event.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final TopicPartition TRANSITIONS = new TopicPartition("transitions", 0);
    private static final TopicPartition REPORTS = new TopicPartition("reports", 0);

    private final Backlog backlog = new Backlog();
    private final List<String> delivered = new ArrayList<>();

    @Test
    void shouldDeliverInTheOrderSeenOverAllPartitions() {
        poll(List.of(record(REPORTS, 0, 20), record(REPORTS, 1, 40), record(TRANSITIONS, 0, 10), record(TRANSITIONS, 1, 20),
                record(TRANSITIONS, 2, 30)));

        backlog.deliverAll(BacklogTest::read, this::deliver);

        assertThat(delivered).containsExactly("transitions@0", "transitions@1", "reports@0", "transitions@2", "reports@1");
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(offsets()).isEqualTo(Map.of(TRANSITIONS, 3L, REPORTS, 2L));
    }

    @Test
    void shouldCommitNothingPastWhatFailedAndGoOnFromThere() {
        poll(List.of(record(REPORTS, 0, 20), record(REPORTS, 1, 40), record(TRANSITIONS, 0, 10), record(TRANSITIONS, 1, 50)));

        assertThatThrownBy(() -> backlog.deliverAll(BacklogTest::read, delivery -> {
            if (name(delivery).equals("reports@1")) {
                throw new IllegalStateException("disk full");
            }
            deliver(delivery);
        })).hasMessage("disk full");

        assertThat(delivered).containsExactly("transitions@0", "reports@0");
        assertThat(offsets()).isEqualTo(Map.of(TRANSITIONS, 1L, REPORTS, 1L));
        assertThat(backlog.isEmpty()).isFalse();

        backlog.deliverAll(BacklogTest::read, this::deliver);

        assertThat(delivered).containsExactly("transitions@0", "reports@0", "reports@1", "transitions@1");
        assertThat(offsets()).isEqualTo(Map.of(TRANSITIONS, 2L, REPORTS, 2L));
    }

    @Test
    void shouldDeliverNothingBeforeAllCanBeRead() {
        poll(List.of(record(TRANSITIONS, 0, 10), record(REPORTS, 0, 20)));

        assertThatThrownBy(() -> backlog.deliverAll(record -> {
            if (record.topic().equals("reports")) {
                throw new IllegalStateException("no registry");
            }
            return read(record);
        }, this::deliver)).hasMessage("no registry");

        assertThat(delivered).isEmpty();
        assertThat(offsets()).isEqualTo(Map.of(TRANSITIONS, 0L, REPORTS, 0L));
        backlog.deliverAll(BacklogTest::read, this::deliver);
        assertThat(delivered).containsExactly("transitions@0", "reports@0");
    }

    @Test
    void shouldNotCommitTheSameOffsetTwice() {
        poll(List.of(record(TRANSITIONS, 0, 10)));
        backlog.deliverAll(BacklogTest::read, this::deliver);

        backlog.committed(backlog.committable());

        assertThat(backlog.committable()).isEmpty();
        poll(List.of(record(REPORTS, 0, 10)));
        backlog.deliverAll(BacklogTest::read, this::deliver);
        assertThat(offsets()).isEqualTo(Map.of(REPORTS, 1L));
    }

    @Test
    void shouldForgetPartitionsThatWentToOthers() {
        poll(List.of(record(TRANSITIONS, 0, 10), record(REPORTS, 0, 20)));

        backlog.forget(List.of(REPORTS));
        backlog.deliverAll(BacklogTest::read, this::deliver);

        assertThat(delivered).containsExactly("transitions@0");
        assertThat(offsets()).isEqualTo(Map.of(TRANSITIONS, 1L));
    }

    private void poll(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> byPartition = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>();
        records.forEach(record -> {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            byPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(record);
            next.put(partition, new OffsetAndMetadata(record.offset() + 1));
        });
        backlog.add(new ConsumerRecords<>(byPartition, next));
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset, long seenAt) {
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, new byte[0], Long.toString(seenAt).getBytes());
    }

    private static Delivery read(ConsumerRecord<byte[], byte[]> record) {
        Instant seenAt = Instant.ofEpochMilli(Long.parseLong(new String(record.value())));
        return record.topic().equals("reports")
                ? new Delivery.Report(record, Reports.report(JobState.ERROR).setObservedAt(seenAt).build())
                : new Delivery.Transition(record, Reports.transition(null, JobState.QUEUED).setObservedAt(seenAt).build());
    }

    private void deliver(Delivery delivery) {
        delivered.add(name(delivery));
    }

    private static String name(Delivery delivery) {
        return delivery.origin().topic() + "@" + delivery.origin().offset();
    }

    private Map<TopicPartition, Long> offsets() {
        Map<TopicPartition, Long> result = new LinkedHashMap<>();
        backlog.committable().forEach((partition, offset) -> result.put(partition, offset.offset()));
        return result;
    }
}
