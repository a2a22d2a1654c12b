package io.jobwatch.seed;

import io.jobwatch.topic.TopicException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** What the groups of a deployment tell: whether it runs, and what waits for it. */
final class Groups {
    private static final Set<GroupState> WITHOUT_MEMBERS = Set.of(GroupState.EMPTY, GroupState.DEAD);
    private static final int PAUSE_MILLIS = 100;

    private final Admin admin;
    private final Side side;

    Groups(Admin admin, Side side) {
        this.admin = admin;
        this.side = side;
    }

    /**
     * Requires that no instance runs that reads or writes; one with the role query alone does neither.
     *
     * @throws TopicException if a group has members, whatever its protocol, or this user may not look at it
     */
    void requireStopped() {
        // A group that this user may not see is simply not listed; what it committed he is told or refused.
        side.names().groups().forEach(this::requireVisible);
        String running = Answers.await(side, admin.listGroups().all(), "list the groups").stream()
                .filter(group -> side.names().groups().contains(group.groupId()))
                .filter(group -> group.groupState().filter(state -> !WITHOUT_MEMBERS.contains(state)).isPresent())
                .map(group -> group.groupId() + " (" + group.groupState().orElseThrow() + ")").sorted().collect(Collectors.joining(", "));
        if (!running.isEmpty()) {
            throw new TopicException(side + " runs: these groups have members: " + running
                    + ". Stop every instance; one that was killed is a member for up to 10 s more (up to 45 s, where the broker says so)");
        }
    }

    private void requireVisible(String group) {
        Answers.await(side, admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                "tell the offsets of the group " + group);
    }

    /**
     * {@return what a group has committed, of each of the partitions that it has committed anything of} An offset that an open transaction
     * is about to commit is waited for until that ends: right after a commit, or after a topology was killed. Asked for stable offsets
     * alone, a broker answers with an error for such a partition, and the client (4.3.1, {@code ListConsumerGroupOffsetsHandler}) leaves
     * it out, where it gives null for one of which nothing is committed.
     *
     * @throws TopicException if the transaction does not end, or the cluster does not answer or refuses
     */
    Map<TopicPartition, OffsetAndMetadata> committed(String group, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        Map<String, ListConsumerGroupOffsetsSpec> asked = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions));
        long deadline = System.nanoTime() + CommittedReader.TRANSACTION_ENDS_WITHIN.toNanos();
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> told = Answers.await(side,
                    admin.listConsumerGroupOffsets(asked, new ListConsumerGroupOffsetsOptions().requireStable(true))
                            .partitionsToOffsetAndMetadata(group), "tell the offsets of the group " + group);
            List<TopicPartition> pending = partitions.stream().filter(partition -> !told.containsKey(partition)).toList();
            if (pending.isEmpty()) {
                Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(told);
                committed.values().removeIf(Objects::isNull);
                return committed;
            }
            if (System.nanoTime() > deadline) {
                throw new TopicException("the offset of the group " + group + " on " + pending.get(0) + " was not told for "
                        + CommittedReader.TRANSACTION_ENDS_WITHIN.toSeconds() + " s: a transaction that commits it was left open; see "
                        + "kafka-transactions.sh --bootstrap-server " + side.kafka().get("bootstrap.servers")
                        + " find-hanging --topic __consumer_offsets");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * {@return the partitions of a topic that hold records which a group has not processed, a text for people; empty where there are none}
     * Transaction markers take offsets but are no records, so where offsets differ a look into the partition decides.
     */
    String behind(String group, String topic, int partitions, CommittedReader reader) {
        List<TopicPartition> all = Topics.partitions(topic, partitions);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group, all);
        List<TopicPartition> behind = all.stream()
                .filter(partition -> reader.holdsAnyFrom(partition, offset(committed, partition))).toList();
        return behind.stream().map(partition -> partition + " from offset " + offset(committed, partition))
                .collect(Collectors.joining(", "));
    }

    private static long offset(Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition partition) {
        OffsetAndMetadata offset = committed.get(partition);
        return offset == null ? 0 : offset.offset();
    }
}
