package io.jobwatch.seed;

import io.jobwatch.event.EventRecord;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicSchemas;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Carries a deployment over to a new one: the latest status of each job, into the topic and into the changelog that the topology restores
 * its store from; the active alerts about sources; where polling stands; and as much of the past as is wanted. The new deployment then goes
 * on where the old one stopped: no transition is lost or told twice.
 *
 * <p>It happens wholly or not at all, and may be repeated: killed at any point it leaves topics that are as good as empty, and done again
 * over what it has done it only verifies that, and commits the offsets again that the new report role begins at. Belongs to one thread.
 */
public final class Seed implements AutoCloseable {
    private final Side from;
    private final StateFrom stateFrom;
    private final Set<History> history;
    private final Progress progress;
    private final OldDeployment old;

    /** Told of what goes on. */
    public interface Progress {

        /** The record at this offset of the old deployment was read; each is, several times. */
        void read(TopicPartition partition, long offset);

        /** Now the topic of the new deployment is read back. */
        void verifying(String topic);
    }

    /**
     * What was done.
     *
     * @param records by the topic of the new deployment
     * @param already whether it had been done before, so that no record was written now
     */
    public record Result(Map<String, Long> records, boolean already) {
        public Result {
            records = new TreeMap<>(records);
        }
    }

    /**
     * @param from the old deployment
     * @throws TopicException if there is nothing of it, or the cluster does not answer
     */
    public Seed(Side from, StateFrom stateFrom, Set<History> history, Progress progress) {
        this.from = from;
        this.stateFrom = stateFrom;
        this.history = Set.copyOf(history);
        this.progress = progress;
        this.old = new OldDeployment(from, progress);
    }

    /**
     * Requires that the old deployment is at rest and whole. Reads its statuses.
     *
     * @throws TopicException otherwise, with what to do
     */
    public void requireReady() {
        old.requireAtRest();
        old.requireState(stateFrom);
    }

    /** {@return topics of the old deployment that should be there and are not, so that nothing of them can be carried over} */
    public List<String> missing() {
        return from.topics().all().stream().filter(topic -> !old.has(topic)).toList();
    }

    /**
     * {@return how many records would be carried over, by the topic of the new deployment} All of them are read; nothing is written.
     *
     * @throws TopicException if a record cannot be read
     */
    public Map<String, Long> count(Side to) {
        Map<String, Long> records = new TreeMap<>();
        for (Transfer transfer : old.transfers(to, stateFrom, history)) {
            AvroDecoder<EventRecord> decoder = Recoder.decoder(from, transfer);
            long[] count = new long[1];
            old.read(transfer, record -> {
                Recoder.decode(decoder, record);
                count[0]++;
            });
            transfer.to().forEach(destination -> records.put(destination.topic(), count[0]));
        }
        return records;
    }

    /**
     * Requires that the new deployment is another one that does not run, and that nothing is in its topics but what a seeding may have put
     * there. Writes nothing.
     *
     * @param partitions of its topics that are keyed by job
     * @return the topics in which something is
     * @throws TopicException otherwise
     */
    public List<String> inspect(Side to, int partitions) {
        try (NewDeployment target = new NewDeployment(to, partitions)) {
            requireApart(to, target);
            target.requireStopped();
            List<String> found = target.topicsWithRecords();
            Set<String> mine = old.transfers(to, stateFrom, history).stream().flatMap(transfer -> transfer.to().stream())
                    .map(Transfer.Destination::topic).collect(Collectors.toSet());
            requireNothingElse(to, found.stream().filter(topic -> !mine.contains(topic)).toList());
            return found;
        }
    }

    /**
     * Seeds the new deployment, whose topics must have been set up, and verifies it.
     *
     * @param schemas    of the new deployment
     * @param partitions of its topics that are keyed by job
     * @throws TopicException if that cannot be done, or what was read back is not what was written
     */
    public Result seed(Side to, int partitions, TopicSchemas schemas) {
        try (NewDeployment target = new NewDeployment(to, partitions);
             SeedTransaction transaction = SeedTransaction.begin(to)) {
            target.setUpChangelogs();
            Recoder recoder = new Recoder(from, to, schemas, partitions);
            List<Transfer> transfers = old.transfers(to, stateFrom, history);
            boolean already = !target.topicsWithRecords().isEmpty();
            if (!already) {
                transaction.open();
            }
            Contents due = new Contents();
            for (Transfer transfer : transfers) {
                old.read(transfer, record -> recoder.recode(transfer, record).forEach(made -> {
                    due.add(new TopicPartition(made.topic(), made.partition()), made.key(), made.value(), made.headers());
                    if (!already) {
                        transaction.send(made);
                    }
                }));
            }
            Map<TopicPartition, OffsetAndMetadata> reported;
            if (already) {
                reported = reportedUpTo(target.ends(reportTopics(to)), to);
                verify(to, target, due, true);
                target.requireStopped();
                transaction.open();
            } else {
                reported = reportedUpTo(transaction.ends(), to);
                requireNobodyBegan(target);
            }
            transaction.commit(to.names().reportGroup(), reported);
            if (!already) {
                verify(to, target, due, false);
            }
            requireCommitted(to, target, reported);
            return new Result(due.byTopic(), already);
        }
    }

    private void requireApart(Side to, NewDeployment target) {
        if (!target.clusterId().equals(old.clusterId())) {
            return;
        }
        if (to.topics().equals(from.topics())) {
            throw new TopicException("the old and the new deployment have the same topics, " + from.topics().prefix()
                    + "* in the same cluster: choose another topics.prefix for the new one");
        }
        if (to.applicationId().equals(from.applicationId())) {
            throw new TopicException("the old and the new deployment have the same application-id, " + from.applicationId()
                    + ", in the same cluster, so groups, changelogs and transactions would be the same ones: choose another for the new "
                    + "one");
        }
    }

    private static void requireNothingElse(Side to, List<String> others) {
        if (!others.isEmpty()) {
            throw new TopicException("the new deployment is not empty: there are records in " + String.join(", ", others)
                    + ", which a seeding writes nothing to. Choose a topics.prefix and an application-id that were never used (not "
                    + to.topics().prefix() + " and " + to.applicationId() + "), or delete its topics");
        }
    }

    /**
     * What was copied was printed and written by the old deployment: the new one's report role begins after it. A group that nobody has
     * joined yet loses its offsets some days after they were committed (the broker's offsets.retention.minutes), so they are committed
     * again whenever the seeding is done again.
     */
    private static Map<TopicPartition, OffsetAndMetadata> reportedUpTo(Map<TopicPartition, Long> ends, Side to) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        ends.forEach((partition, end) -> {
            if (end > 0 && reportTopics(to).contains(partition.topic())) {
                offsets.put(partition, new OffsetAndMetadata(end));
            }
        });
        return offsets;
    }

    private static List<String> reportTopics(Side to) {
        return List.of(to.topics().jobErrorReports(), to.topics().jobTransitions());
    }

    private void requireNobodyBegan(NewDeployment target) {
        old.requireAtRest();
        target.requireStopped();
    }

    private void verify(Side to, NewDeployment target, Contents due, boolean already) {
        List<String> differences = due.differences(target.contents(progress::verifying));
        if (!differences.isEmpty()) {
            String what = differences.size() + " partitions differ, such as " + differences.get(0);
            throw new TopicException(already
                    ? "the new deployment is not empty, and holds something else than a seeding from the old one would write now: " + what
                    + ". Choose a topics.prefix and an application-id that were never used, or delete its topics"
                    : "what was seeded is not what is read back: " + what + ". Did anything else write there? Delete the topics "
                    + to.topics().prefix() + "* and " + String.join(", ", to.names().changelogs())
                    + ", and try again");
        }
    }

    private static void requireCommitted(Side to, NewDeployment target, Map<TopicPartition, OffsetAndMetadata> due) {
        if (!target.committed(to.names().reportGroup(), due.keySet()).equals(due)) {
            throw new TopicException("the offsets of the group " + to.names().reportGroup() + " are not those that were committed: reset "
                    + "them to the end of " + String.join(" and ", reportTopics(to)) + " before the new deployment is started");
        }
    }

    @Override
    public void close() {
        old.close();
    }
}
