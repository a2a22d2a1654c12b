package io.jobwatch.seed;

import io.jobwatch.topic.TopicException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** What the groups of a deployment tell: whether it runs, and what waits for it. */
final class Groups {
    private static final Set<GroupState> WITHOUT_MEMBERS = Set.of(GroupState.EMPTY, GroupState.DEAD);

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
        side.groups().forEach(this::committed);
        String running = Answers.await(admin.listGroups().all(), "list the groups").stream()
                .filter(group -> side.groups().contains(group.groupId()))
                .filter(group -> group.groupState().filter(state -> !WITHOUT_MEMBERS.contains(state)).isPresent())
                .map(group -> group.groupId() + " (" + group.groupState().orElseThrow() + ")").sorted().collect(Collectors.joining(", "));
        if (!running.isEmpty()) {
            throw new TopicException(side + " runs: these groups have members: " + running
                    + ". Stop every instance; one that was killed is a member for up to 10 s more (up to 45 s, where the broker says so)");
        }
    }

    /** {@return what a group has committed, once no transaction that commits for it is open} */
    Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return Answers.await(admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group), "tell the offsets of the group " + group);
    }

    /**
     * {@return the partitions of a topic that hold records which a group has not processed, a text for people; empty where there are none}
     * Transaction markers take offsets but are no records, so where offsets differ a look into the partition decides.
     */
    String behind(String group, String topic, int partitions, CommittedReader reader) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        List<TopicPartition> behind = Topics.partitions(topic, partitions).stream()
                .filter(partition -> reader.holdsAnyFrom(partition, offset(committed, partition))).toList();
        return behind.stream().map(partition -> partition + " from offset " + offset(committed, partition))
                .collect(Collectors.joining(", "));
    }

    private static long offset(Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition partition) {
        OffsetAndMetadata offset = committed.get(partition);
        return offset == null ? 0 : offset.offset();
    }
}
