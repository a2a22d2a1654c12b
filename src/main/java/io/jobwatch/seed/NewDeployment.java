package io.jobwatch.seed;

import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The deployment that goes on: what is in its topics so far. Belongs to one thread. */
final class NewDeployment implements AutoCloseable {
    private final Side side;
    private final int partitions;
    private final Admin admin;
    private final CommittedReader reader;

    /** @param partitions of its topics that are keyed by job */
    NewDeployment(Side side, int partitions) {
        this.side = side;
        this.partitions = partitions;
        this.admin = Answers.admin(side);
        this.reader = new CommittedReader(side);
    }

    String clusterId() {
        return Answers.await(side, admin.describeCluster().clusterId(), "describe the cluster");
    }

    void requireStopped() {
        new Groups(admin, side).requireStopped();
    }

    /** Creates what Kafka Streams would create at its first start, as it would: it takes what it finds and restores its stores from it. */
    void setUpChangelogs() {
        List<TopicSpec> changelogs = side.names().changelogs().stream()
                .map(name -> new TopicSpec(name, partitions, Optional.empty(), Optional.empty())).toList();
        new TopicSetup(admin, changelogs, side.refusals()).createAndVerify();
    }

    /** {@return the topics that hold committed records, as far as they are there} Nothing is waited for. */
    List<String> topicsWithRecords() {
        List<String> found = new ArrayList<>();
        topics().forEach((topic, count) -> {
            if (Topics.partitions(topic, count).stream().anyMatch(reader::holdsAnyNow)) {
                found.add(topic);
            }
        });
        return found;
    }

    /** {@return what the topics hold} */
    Contents contents(Consumer<String> begun) {
        Contents contents = new Contents();
        topics().forEach((topic, count) -> {
            begun.accept(topic);
            Topics.partitions(topic, count).forEach(partition -> reader.read(partition,
                    record -> contents.add(partition, record.key(), record.value(), record.headers())));
        });
        return contents;
    }

    Map<TopicPartition, OffsetAndMetadata> committed(String group, Collection<TopicPartition> partitions) {
        return new Groups(admin, side).committed(group, partitions);
    }

    /** {@return the offset after all that is written, of each partition of these topics} */
    Map<TopicPartition, Long> ends(List<String> names) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        Topics.described(admin, side, names).forEach((topic, count) ->
                Topics.partitions(topic, count).forEach(partition -> ends.put(partition, reader.end(partition))));
        return ends;
    }

    private Map<String, Integer> topics() {
        List<String> names = new ArrayList<>(side.topics().all());
        names.addAll(side.names().changelogs());
        return Topics.described(admin, side, names);
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }
}
