package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.deadletter.DeadLetterReplay.Outcome;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Refused;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds the letters that are to be put back, and tells of the others that are wanted as soon as they are met: there may be any number of
 * those, items of polls above all, so nothing of them is kept. Belongs to one thread.
 */
final class ReplaySurvey implements DeadLetterReader.Visitor {
    private final Predicate<DeadLetter> wanted;
    private final String input;
    private final int partitions;
    private final boolean again;
    private final Consumer<Outcome> told;
    private final TreeMap<LetterId, Place> due = new TreeMap<>();

    /**
     * @param input      the topic into which letters are put back
     * @param partitions of that topic
     * @param again      whether those are due too that were put back before
     * @param told       of each letter that is left
     */
    ReplaySurvey(Predicate<DeadLetter> wanted, String input, int partitions, boolean again, Consumer<Outcome> told) {
        this.wanted = wanted;
        this.input = input;
        this.partitions = partitions;
        this.again = again;
        this.told = told;
    }

    /** {@return the letters to be put back, and the place that each came from} */
    TreeMap<LetterId, Place> due() {
        return due;
    }

    @Override
    public void letter(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
        if (!wanted.test(letter)) {
            return;
        }
        Refusal.of(letter, input, partitions).ifPresentOrElse(reason -> told.accept(new Refused(letter.id(), reason)), () -> {
            Place from = letter.from().orElseThrow();
            due.put(letter.id(), new Place(input, from.partition(), from.offset()));   // the letter has a copy of the name
        });
    }

    /** A note is written after its letter, so it is met after it. */
    @Override
    public void replayed(ReplayNote note) {
        if (!again && due.remove(note.of()) != null) {
            told.accept(new Refused(note.of(),
                    Refusal.REPLAYED.because("it was put back at " + note.at() + " and is at " + note.to())));
        }
    }
}
