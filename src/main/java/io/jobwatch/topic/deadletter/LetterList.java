package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.deadletter.DeadLetterReader.Until;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The newest letters of those that are meant.
 *
 * @param items    the newest last
 * @param matching how many are meant in all
 */
public record LetterList(List<Item> items, long matching) {
    private static final Comparator<DeadLetter> BY_AGE = Comparator.comparing(DeadLetter::time).thenComparing(DeadLetter::id);

    /**
     * A letter of the list.
     *
     * @param replayed when it was put back last, if ever
     */
    public record Item(DeadLetter letter, Optional<ReplayNote> replayed) {
    }

    /**
     * Reads all of the topic since the time that the filter names, or all there is: the letters that are not listed cost time, not memory.
     *
     * @param limit how many at the most
     */
    public static LetterList read(DeadLetterReader reader, LetterFilter filter, int limit) {
        Collector collector = new Collector(filter, limit);
        reader.read(reader.begin(filter.since()), Until.COMMITTED, collector);
        return collector.list();
    }

    /** Keeps no more than what will be listed. */
    static final class Collector implements DeadLetterReader.Visitor {
        private final LetterFilter filter;
        private final int limit;
        /** The oldest of them first. */
        private final PriorityQueue<DeadLetter> newest = new PriorityQueue<>(BY_AGE);
        /** Of each of them, and when it was put back last. */
        private final Map<LetterId, Optional<ReplayNote>> notes = new HashMap<>();
        private long matching;

        Collector(LetterFilter filter, int limit) {
            this.filter = filter;
            this.limit = limit;
        }

        @Override
        public void letter(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
            if (filter.matches(letter)) {
                matching++;
                newest.add(letter);
                notes.put(letter.id(), Optional.empty());
                if (newest.size() > limit) {
                    notes.remove(newest.remove().id());
                }
            }
        }

        /** A note is written after its letter, so it is met after it. */
        @Override
        public void replayed(ReplayNote note) {
            notes.replace(note.of(), Optional.of(note));
        }

        LetterList list() {
            List<DeadLetter> letters = new ArrayList<>(newest);
            letters.sort(BY_AGE);
            return new LetterList(letters.stream().map(letter -> new Item(letter, notes.get(letter.id()))).toList(), matching);
        }
    }
}
