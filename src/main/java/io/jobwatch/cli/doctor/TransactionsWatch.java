package io.jobwatch.cli.doctor;

import io.jobwatch.cli.doctor.Cluster.Asked;
import io.jobwatch.cli.screen.Moments;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Whether a transaction that nobody ends holds back who reads committed records: the topology, the view, and every consumer. */
final class TransactionsWatch implements Watch<Map<TopicPartition, OpenTransaction>> {
    /** The longest time-out of jobwatch's producers (60 s), and how often the brokers look for what has run out. */
    static final Duration ENDED_WITHIN = Duration.ofSeconds(90);

    private final Deployment deployment;
    private final Cluster cluster;
    private final InstantSource clock;

    TransactionsWatch(Deployment deployment, Cluster cluster, InstantSource clock) {
        this.deployment = deployment;
        this.cluster = cluster;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "transactions";
    }

    @Override
    public Map<TopicPartition, OpenTransaction> look() throws InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>();
        List<String> names = Stream.concat(deployment.topics().all().stream(), deployment.names().changelogs().stream()).toList();
        for (Map.Entry<String, Asked<TopicDescription>> topic : cluster.topics(names).entrySet()) {
            if (topic.getValue().answered()) {   // another examination tells of one that is missing
                topic.getValue().answer().partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic.getKey(), partition.partition())));
            }
        }
        // In this order: a transaction that ends in between shows as one that is not there.
        Map<TopicPartition, Long> all = cluster.offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> committed = cluster.offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, OpenTransaction> open = new HashMap<>();
        for (TopicPartition partition : partitions) {
            if (committed.get(partition) < all.get(partition)) {
                open.put(partition, open(partition, committed.get(partition)));
            }
        }
        return open;
    }

    private OpenTransaction open(TopicPartition partition, long start) throws InterruptedException {
        Asked<PartitionProducerState> producers =
                Cluster.tryAsk(cluster.admin().describeProducers(List.of(partition)).partitionResult(partition));
        Optional<ProducerState> producer = !producers.answered() ? Optional.empty() : producers.answer().activeProducers().stream()
                .filter(each -> each.currentTransactionStartOffset().orElse(-1) == start).findAny();
        if (producer.isEmpty()) {
            return new OpenTransaction(partition, start, Optional.empty(), Optional.empty());
        }
        Asked<Collection<TransactionListing>> listed = Cluster.tryAsk(cluster.admin()
                .listTransactions(new ListTransactionsOptions().filterProducerIds(Set.of(producer.get().producerId()))).all());
        Optional<String> id = !listed.answered() ? Optional.empty()
                : listed.answer().stream().map(TransactionListing::transactionalId).findAny();
        return new OpenTransaction(partition, start, Optional.of(since(producer.get(), id)), id);
    }

    private Instant since(ProducerState producer, Optional<String> id) throws InterruptedException {
        if (id.isPresent()) {
            Asked<TransactionDescription> described =
                    Cluster.tryAsk(cluster.admin().describeTransactions(Set.of(id.get())).description(id.get()));
            if (described.answered() && described.answer().transactionStartTimeMs().isPresent()) {
                return Instant.ofEpochMilli(described.answer().transactionStartTimeMs().getAsLong());
            }
        }
        return Instant.ofEpochMilli(producer.lastTimestamp());
    }

    @Override
    public Result judge(List<Map<TopicPartition, OpenTransaction>> looks) {
        List<Finding> findings = new ArrayList<>();
        Map<TopicPartition, OpenTransaction> last = looks.get(looks.size() - 1);
        Instant now = clock.instant();
        last.values().stream().filter(open -> looks.stream().allMatch(look -> Optional.ofNullable(look.get(open.partition()))
                .filter(then -> then.startOffset() == open.startOffset()).isPresent())).forEach(open -> {
                    Optional<Duration> age = open.since().map(since -> Duration.between(since, now));
                    if (age.isEmpty() || age.get().compareTo(ENDED_WITHIN) > 0) {
                        findings.add(hanging(open, age));
                    }
                });
        return new Result(last.isEmpty() ? "none is open" : last.size() + " partitions with an open one", findings);
    }

    private Finding hanging(OpenTransaction open, Optional<Duration> age) {
        TopicPartition partition = open.partition();
        String found = "a transaction" + open.id().map(id -> " of " + id).orElse("") + " has been open "
                + age.map(time -> "for " + Moments.text(time)).orElse("at each look")
                + ": readers of committed records wait at offset " + open.startOffset();
        String remedy = deployment.tool("kafka-transactions.sh") + " abort --topic " + partition.topic() + " --partition "
                + partition.partition() + " --start-offset " + open.startOffset() + ", if find-hanging names it, too";
        return new Finding(age.isPresent() ? Severity.FAIL : Severity.WARN, Ailment.HANGING_TRANSACTION, partition.toString(), found,
                "the brokers end a transaction of jobwatch after " + ENDED_WITHIN.toSeconds() + " s at the most", remedy);
    }
}
