package io.jobwatch.topic;

import io.jobwatch.topic.access.Refusals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that are missing and verifies the ones that exist. Doing it again changes nothing. */
public final class TopicSetup {
    /** The cluster has answered by then; on a busy one, what was just created may take longer than an answer may. */
    private static final int LEADERS_WITHIN_MILLIS = 60_000;

    private final Admin admin;
    private final List<TopicSpec> specs;
    private final Refusals refusals;

    /** For a user who may do everything. */
    public TopicSetup(Admin admin, List<TopicSpec> specs) {
        this(admin, specs, new Refusals(Map.of(), List.of()));
    }

    /** @param refusals says what is refused to the user of {@code admin} */
    public TopicSetup(Admin admin, List<TopicSpec> specs, Refusals refusals) {
        this.admin = admin;
        this.specs = specs;
        this.refusals = refusals;
    }

    /**
     * Creates what is missing, then verifies everything. Every partition is led when this returns, so that the first record written finds
     * its leader.
     *
     * @return the names of the topics that were created
     * @throws TopicException if the cluster cannot be reached or refuses, or a topic has another number of partitions
     */
    public List<String> createAndVerify() {
        Set<String> existing = await(admin.listTopics().names(), "list the topics");
        List<TopicSpec> missing = specs.stream().filter(spec -> !existing.contains(spec.name())).toList();
        List<String> created = new ArrayList<>();
        // The number of replicas is left to the broker's default.
        Map<String, KafkaFuture<Void>> results = admin.createTopics(missing.stream()
                .map(spec -> new NewTopic(spec.name(), Optional.of(spec.partitions()), Optional.<Short>empty()).configs(spec.settings()))
                .toList()).values();
        for (TopicSpec spec : missing) {
            if (create(spec, results.get(spec.name()))) {
                created.add(spec.name());
            }
        }
        verify(specs.stream().map(TopicSpec::name).toList());
        awaitLeaders();
        return created;
    }

    /**
     * Verifies that every topic exists with the right number of partitions.
     *
     * @throws TopicException otherwise
     */
    public void verify() {
        Set<String> existing = await(admin.listTopics().names(), "list the topics");
        String missing = specs.stream().map(TopicSpec::name).filter(name -> !existing.contains(name)).collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new TopicException("topics are missing: " + missing + "; create them with: jobwatch setup -c FILE");
        }
        verify(specs.stream().map(TopicSpec::name).toList());
    }

    private void verify(Collection<String> names) {
        Map<String, KafkaFuture<TopicDescription>> descriptions = admin.describeTopics(names).topicNameValues();
        for (TopicSpec spec : specs) {
            TopicDescription found = described(spec.name(), descriptions.get(spec.name()));
            if (found.partitions().size() != spec.partitions()) {
                throw new TopicException("topic " + spec.name() + " has " + found.partitions().size() + " partitions and should have "
                        + spec.partitions() + ": the number is fixed when topics are set up, as keys would move. "
                        + (spec.partitions() == TopicSpec.LANES && spec.name().endsWith("poll-cursors")
                        ? "Choose a new topics.prefix and run setup"
                        : "Set topics.partitions to " + found.partitions().size() + ", or migrate: in a new configuration "
                        + "choose another topics.prefix and application-id, and run: jobwatch seed -c NEW --from OLD"));
            }
        }
    }

    /**
     * A broker describes a new topic somewhat before it leads its partitions. An idempotent producer may lose there: its first batch is
     * refused, the second one, sent meanwhile, is taken, and the first is then out of order at each repetition until it expires, 120
     * seconds later (seen with Kafka 4.3.1; a transactional producer is protected from it by the verification of KIP-890).
     */
    private void awaitLeaders() {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (TopicSpec spec : specs) {
            for (int partition = 0; partition < spec.partitions(); partition++) {
                partitions.put(new TopicPartition(spec.name(), partition), OffsetSpec.latest());
            }
        }
        // Only a partition's leader answers this; the client asks until there is one.
        await(admin.listOffsets(partitions, new ListOffsetsOptions().timeoutMs(LEADERS_WITHIN_MILLIS)).all(),
                "reach the leaders of the topics");
    }

    private boolean create(TopicSpec spec, KafkaFuture<Void> result) {
        try {
            result.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;   // another instance was faster
            }
            throw TopicException.notDone("create topic " + spec.name(), e.getCause(), refusals);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** A topic that was just created may not be known to every broker yet. */
    private TopicDescription described(String name, KafkaFuture<TopicDescription> first) {
        KafkaFuture<TopicDescription> future = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return future.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || attempt == 50) {
                    throw TopicException.notDone("describe topic " + name, e.getCause(), refusals);
                }
                pause();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            future = admin.describeTopics(List.of(name)).topicNameValues().get(name);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw TopicException.notDone(what, e.getCause(), refusals);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static TopicException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new TopicException("interrupted while waiting for the Kafka cluster", e);
    }
}
