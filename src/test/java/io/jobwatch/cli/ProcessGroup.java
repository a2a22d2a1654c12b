package io.jobwatch.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Who works on which partitions of job-state-events and how far they are, as the cluster tells it. */
final class ProcessGroup {
    private final Admin admin;
    private final String group;
    private final Set<TopicPartition> partitions;
    private final boolean streamsProtocol;
    private final Set<String> dead = new HashSet<>();

    private record Member(String id, String instance, Set<Integer> partitions) {
    }

    /** @param streamsProtocol whether the members speak {@code group.protocol=streams} */
    ProcessGroup(Admin admin, String group, String topic, int partitions, boolean streamsProtocol) {
        this.admin = admin;
        this.group = group;
        this.partitions = IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(topic, i)).collect(Collectors.toSet());
        this.streamsProtocol = streamsProtocol;
    }

    /** {@return the partitions that each instance works on, by the {@code client.id} of its configuration} */
    Map<String, Set<Integer>> owned() throws ExecutionException, InterruptedException {
        return members().stream().filter(member -> !dead.contains(member.id()))
                .collect(Collectors.toMap(Member::instance, Member::partitions, (a, b) -> {
                    throw new IllegalStateException("two members of one instance work: " + a + " and " + b);
                }, TreeMap::new));
    }

    /** The group takes an instance that was killed for a member until its session has run out, longer than its next start may take. */
    void killed(String instance) throws ExecutionException, InterruptedException {
        members().stream().filter(member -> member.instance().equals(instance)).map(Member::id).forEach(dead::add);
    }

    /** {@return those that have partitions} */
    private List<Member> members() throws ExecutionException, InterruptedException {
        List<Member> members = new ArrayList<>();
        try {
            if (streamsProtocol) {
                admin.describeStreamsGroups(Set.of(group)).all().get().get(group).members().forEach(member ->
                        members.add(member(member.memberId(), member.clientId(), member.assignment().activeTasks().stream()
                                .flatMap(tasks -> tasks.partitions().stream()))));
            } else {
                admin.describeConsumerGroups(Set.of(group)).all().get().get(group).members().forEach(member ->
                        members.add(member(member.consumerId(), member.clientId(), member.assignment().topicPartitions().stream()
                                .map(TopicPartition::partition))));
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {   // nobody has joined yet
                throw e;
            }
        }
        members.removeIf(member -> member.partitions().isEmpty());
        return members;
    }

    /** Streams adds the thread and the kind of client to the configured id. */
    private static Member member(String id, String clientId, Stream<Integer> partitions) {
        return new Member(id, clientId.replaceFirst("-StreamThread-.*", ""), partitions.collect(Collectors.toCollection(TreeSet::new)));
    }

    /** {@return whether these instances, and no others, share all partitions, each with one at least} */
    boolean sharedBy(String... instances) throws ExecutionException, InterruptedException {
        Map<String, Set<Integer>> owned = owned();
        return owned.keySet().equals(Set.of(instances)) && owned.values().stream().mapToInt(Set::size).sum() == partitions.size();
    }

    /** {@return how many events of these partitions are done with: what came of them is committed} */
    long committed(Collection<Integer> of) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        return sum(of, partition -> offsets.get(partition) == null ? 0 : offsets.get(partition).offset());
    }

    /** {@return how many events of these partitions are there and not done with} */
    long open(Collection<Integer> of) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        var ends = admin.listOffsets(latest).all().get();
        return sum(of, partition -> ends.get(partition).offset()) - committed(of);
    }

    /** {@return as {@link #open(Collection)}, of all partitions} */
    long open() throws ExecutionException, InterruptedException {
        return open(partitions.stream().map(TopicPartition::partition).toList());
    }

    private long sum(Collection<Integer> of, ToLongFunction<TopicPartition> number) {
        return partitions.stream().filter(partition -> of.contains(partition.partition())).mapToLong(number).sum();
    }
}
