package io.jobwatch.cli.doctor;

import io.jobwatch.cli.doctor.Cluster.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;

/** Measures how far a group has come with topics, from what it committed: none of its members need be alive. */
final class GroupLag {
    private static final Duration READ_WITHIN = Duration.ofSeconds(5);
    /** Two groups are looked at within the time that doctor gives to one look. */
    private static final Duration READ_ALL_WITHIN = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Map<String, Object> kafka;

    /** @param kafka how any Kafka client reaches the cluster */
    GroupLag(Cluster cluster, Map<String, Object> kafka) {
        this.cluster = cluster;
        this.kafka = kafka;
    }

    /** {@return what the group committed; empty for one that never did} */
    Map<TopicPartition, Long> committed(String group) throws InterruptedException {
        Map<TopicPartition, Long> committed = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> told =
                Cluster.ask(cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        told.forEach((partition, offset) -> {
            if (offset != null) {
                committed.put(partition, offset.offset());
            }
        });
        return committed;
    }

    /**
     * What one look shows.
     *
     * @param lags   of the partitions whose offsets are told
     * @param untold the partitions of which it is not known what waits, and why
     */
    record Look(Map<TopicPartition, PartitionLag> lags, Map<TopicPartition, KafkaException> untold) {
        static final Look NONE = new Look(Map.of(), Map.of());
    }

    /** {@return the partitions of the topics as the group has left them} Asked for before their ends, so that no offset is beyond. */
    Look look(Map<TopicPartition, Long> committed, List<String> topics) throws InterruptedException {
        Look look = new Look(new HashMap<>(), new HashMap<>());
        List<TopicPartition> partitions = partitions(topics, look);
        Map<TopicPartition, Asked<ListOffsetsResultInfo>> begins =
                cluster.tryOffsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        partitions.removeIf(partition -> isUntold(partition, begins, look));
        Map<TopicPartition, Asked<ListOffsetsResultInfo>> ends =
                cluster.tryOffsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        partitions.removeIf(partition -> isUntold(partition, ends, look));
        long deadline = System.nanoTime() + READ_ALL_WITHIN.toNanos();
        try (CommittedReader reader = new CommittedReader(kafka)) {
            for (TopicPartition partition : partitions) {
                long begin = begins.get(partition).answer().offset();
                long end = ends.get(partition).answer().offset();
                long position = committed.getOrDefault(partition, begin);
                Optional<Instant> waiting = Optional.empty();
                try {
                    waiting = waiting(reader, partition, Math.max(position, begin), end, deadline);
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException e) {
                    look.untold().put(partition, e);   // the others may be readable
                }
                look.lags().put(partition, new PartitionLag(position, begin, end, waiting));
            }
        }
        return look;
    }

    /** One without a leader would keep all the others waiting for as long as it has none. */
    private List<TopicPartition> partitions(List<String> topics, Look look) throws InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Map.Entry<String, Asked<TopicDescription>> topic : cluster.topics(topics).entrySet()) {
            if (topic.getValue().answered()) {   // another examination tells of one that is missing
                for (TopicPartitionInfo info : topic.getValue().answer().partitions()) {
                    TopicPartition partition = new TopicPartition(topic.getKey(), info.partition());
                    if (info.leader() == null || info.leader().isEmpty()) {
                        look.untold().put(partition, new LeaderNotAvailableException("it has no leader"));
                    } else {
                        partitions.add(partition);
                    }
                }
            }
        }
        return partitions;
    }

    private static boolean isUntold(TopicPartition partition, Map<TopicPartition, Asked<ListOffsetsResultInfo>> answers, Look look) {
        Asked<ListOffsetsResultInfo> answer = answers.get(partition);
        if (!answer.answered()) {
            look.untold().put(partition, answer.failure());
        }
        return !answer.answered();
    }

    /** @throws KafkaException if it cannot be read, or not in time */
    private static Optional<Instant> waiting(CommittedReader reader, TopicPartition partition, long position, long end, long deadline) {
        if (position >= end) {
            return Optional.empty();
        }
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative()) {
            throw new TimeoutException("reading others took longer than " + READ_ALL_WITHIN.toSeconds() + " s");
        }
        AtomicReference<Instant> first = new AtomicReference<>();
        reader.read(Map.of(partition, position), left.compareTo(READ_WITHIN) < 0 ? left : READ_WITHIN, record -> {
            first.set(Instant.ofEpochMilli(record.timestamp()));
            return false;
        });
        return Optional.ofNullable(first.get());
    }
}
