package io.jobwatch.cli;

import io.jobwatch.topic.Partitions;
import io.jobwatch.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** The group of the pollers and their transactions, as the cluster tells of them. */
final class PollGroup {
    private final Admin admin;
    private final String applicationId;

    PollGroup(Admin admin, String applicationId) {
        this.admin = admin;
        this.applicationId = applicationId;
    }

    /** {@return whether the group has so many members, and all lanes are assigned to them} */
    boolean settled(int members) throws ExecutionException, InterruptedException {
        String name = applicationId + "-poll";
        try {
            ConsumerGroupDescription group = admin.describeConsumerGroups(Set.of(name)).all().get().get(name);
            return group.groupState() == GroupState.STABLE && group.members().size() == members
                    && group.members().stream().mapToInt(member -> member.assignment().topicPartitions().size()).sum() == TopicSpec.LANES;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;   // nobody has joined yet
            }
            throw e;
        }
    }

    /** {@return whether a transaction of the lane of this source has begun and is not committed} */
    boolean writes(String source) throws ExecutionException, InterruptedException {
        int lane = Partitions.ofKey(source.getBytes(StandardCharsets.UTF_8), TopicSpec.LANES);
        String id = applicationId + "-lane-" + lane;
        return admin.describeTransactions(Set.of(id)).description(id).get().state() == TransactionState.ONGOING;
    }
}
