package io.jobwatch.cli.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;

/** Measures how far a group has come with topics, from what it committed: none of its members need be alive. */
final class GroupLag {
    private static final Duration READ_WITHIN = Duration.ofSeconds(5);

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

    /** {@return the partitions of the topics as the group has left them} Asked for before their ends, so that no offset is beyond. */
    Map<TopicPartition, PartitionLag> look(Map<TopicPartition, Long> committed, List<String> topics) throws InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Map.Entry<String, Cluster.Asked<TopicDescription>> topic : cluster.topics(topics).entrySet()) {
            if (topic.getValue().answered()) {   // another examination tells of one that is missing
                topic.getValue().answer().partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic.getKey(), partition.partition())));
            }
        }
        Map<TopicPartition, Long> begins = cluster.offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> ends = cluster.offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, PartitionLag> lags = new HashMap<>();
        try (CommittedReader reader = new CommittedReader(kafka)) {
            for (TopicPartition partition : partitions) {
                long begin = begins.get(partition);
                lags.put(partition, lag(reader, partition, committed.getOrDefault(partition, begin), begin, ends.get(partition)));
            }
        }
        return lags;
    }

    private static PartitionLag lag(CommittedReader reader, TopicPartition partition, long committed, long begin, long end) {
        long position = Math.max(committed, begin);
        if (position >= end) {
            return new PartitionLag(committed, begin, end, Optional.empty(), false);
        }
        AtomicReference<Instant> first = new AtomicReference<>();
        try {
            reader.read(Map.of(partition, position), READ_WITHIN, record -> {
                first.set(Instant.ofEpochMilli(record.timestamp()));
                return false;
            });
        } catch (AuthorizationException e) {
            return new PartitionLag(committed, begin, end, Optional.empty(), true);
        }
        return new PartitionLag(committed, begin, end, Optional.ofNullable(first.get()), false);
    }
}
