package io.jobwatch.cli.doctor;

import java.util.List;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Asks for groups. One of the protocol of Kafka Streams answers to no question for consumer groups, and the other way round. */
final class Groups {
    private final Cluster cluster;

    Groups(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * {@return the group as it is now}
     *
     * @throws KafkaException if the brokers do not tell
     */
    GroupLook look(String group) throws InterruptedException {
        try {
            ConsumerGroupDescription found = Cluster.ask(cluster.admin().describeConsumerGroups(List.of(group))
                    .describedGroups().get(group));
            return new GroupLook(true, found.groupState(), found.members().size());
        } catch (GroupIdNotFoundException e) {
            return streams(group);
        }
    }

    private GroupLook streams(String group) throws InterruptedException {
        try {
            StreamsGroupDescription found = Cluster.ask(cluster.admin().describeStreamsGroups(List.of(group))
                    .describedGroups().get(group));
            return new GroupLook(true, found.groupState(), found.members().size());
        } catch (GroupIdNotFoundException | UnsupportedVersionException e) {
            return GroupLook.ABSENT;
        }
    }
}
