package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.deadletter.DeadLetterReader.Until;
import io.jobwatch.topic.deadletter.Refusal.Reasoned;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Puts records that became dead letters back into job-state-events: into the partition that they came from, with the same key and value,
 * and a header that tells the letter. In the same transaction a {@link ReplayNote} is written, and all replays of an application share one
 * transactional id, so that a letter is put back once even if two do so at the same time or one is killed. Belongs to one thread.
 *
 * <p>It is safe at any time: an event that is old by then is judged as any stale look at a job.
 */
public final class DeadLetterReplay implements AutoCloseable {
    private final DeadLetterReader reader;
    private final String input;
    private final int partitions;
    private final Optional<ReplayTransactions> transactions;
    private final boolean again;

    /** What became of a letter. */
    public sealed interface Outcome {
        LetterId letter();
    }

    /**
     * The record stands there now; or would, where nothing is written.
     *
     * @param to empty where nothing is written
     */
    public record Replayed(LetterId letter, Place from, Optional<Place> to) implements Outcome {
    }

    /** The letter is left as it is. */
    public record Refused(LetterId letter, Reasoned reason) implements Outcome {
    }

    /**
     * How to go about it.
     *
     * @param dryRun say what would be done, and write nothing
     * @param again  put back what was put back before, too
     */
    public record Mode(boolean dryRun, boolean again) {
    }

    /**
     * Ends any other replay of the application, unless nothing is to be written.
     *
     * @param kafka how any Kafka client reaches the cluster
     * @throws TopicException if a topic is not there
     */
    public DeadLetterReplay(Map<String, Object> kafka, TopicNames topics, String applicationId, Mode mode) {
        this.input = topics.jobStateEvents();
        this.again = mode.again();
        this.reader = new DeadLetterReader(kafka, topics.deadLetters());
        try {
            this.partitions = reader.partitionsOf(input);
            this.transactions = mode.dryRun() ? Optional.empty()
                    : Optional.of(ReplayTransactions.begin(kafka, topics.deadLetters(), applicationId));
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * Puts these letters back, each partition in its order.
     *
     * @param told of each letter once it is certain what became of it
     * @throws TopicException if the broker does not answer or another replay began; what was told before is done
     */
    public void replay(Collection<LetterId> letters, Consumer<Outcome> told) {
        TreeSet<LetterId> wanted = new TreeSet<>(letters);
        Map<Integer, Long> begin = new HashMap<>();
        wanted.forEach(letter -> begin.putIfAbsent(letter.partition(), letter.offset()));   // in order: the lowest is the first
        TreeMap<LetterId, Place> due = survey(begin, letter -> wanted.remove(letter.id()), told);
        wanted.forEach(letter -> told.accept(notThere(letter)));
        putBack(due, told);
    }

    /** As {@link #replay(Collection, Consumer)}, with all letters that are meant. Of those that can be put back it keeps the places. */
    public void replay(LetterFilter filter, Consumer<Outcome> told) {
        putBack(survey(reader.begin(filter.since()), filter::matches, told), told);
    }

    /** Whoever replayed before has committed, as this one has its transactional id; what was written must also be seen. */
    private TreeMap<LetterId, Place> survey(Map<Integer, Long> begin, Predicate<DeadLetter> wanted, Consumer<Outcome> told) {
        ReplaySurvey survey = new ReplaySurvey(wanted, input, partitions, again, told);
        reader.read(begin, Until.WRITTEN, survey);
        return survey.due();
    }

    private void putBack(TreeMap<LetterId, Place> due, Consumer<Outcome> told) {
        if (transactions.isEmpty()) {
            due.forEach((id, from) -> told.accept(new Replayed(id, from, Optional.empty())));
            return;
        }
        Map<Integer, Long> begin = new HashMap<>();
        due.keySet().forEach(id -> begin.putIfAbsent(id.partition(), id.offset()));
        reader.read(begin, Until.COMMITTED, new Mover(due, transactions.get(), told));
        transactions.get().commit(told);
        due.keySet().forEach(id -> told.accept(notThere(id)));
    }

    private static Outcome notThere(LetterId letter) {
        return new Refused(letter, Refusal.NOT_THERE.because("there is no such dead letter, or no longer"));
    }

    @Override
    public void close() {
        transactions.ifPresent(ReplayTransactions::close);
        reader.close();
    }

    /** Moves what is due, and strikes it off. */
    private static final class Mover implements DeadLetterReader.Visitor {
        private final Map<LetterId, Place> due;
        private final ReplayTransactions transactions;
        private final Consumer<Outcome> told;

        private Mover(Map<LetterId, Place> due, ReplayTransactions transactions, Consumer<Outcome> told) {
            this.due = due;
            this.transactions = transactions;
            this.told = told;
        }

        @Override
        public void letter(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
            Place from = due.remove(letter.id());
            if (from != null) {
                transactions.putBack(record, letter.id(), from, told);
            }
        }

        @Override
        public void replayed(ReplayNote note) {
            // They were read before; the latest are our own.
        }
    }
}
