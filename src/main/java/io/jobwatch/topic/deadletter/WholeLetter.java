package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.deadletter.DeadLetterReader.Until;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A dead letter with all that it holds.
 *
 * @param value    as it is; null where the record had none
 * @param replayed when it was put back last, if ever
 */
public record WholeLetter(DeadLetter letter, byte[] value, Headers headers, Optional<ReplayNote> replayed) {

    /** {@return the letter, or empty where there is none with this id, or no longer} */
    public static Optional<WholeLetter> read(DeadLetterReader reader, LetterId id) {
        Finder finder = new Finder(id);
        reader.read(Map.of(id.partition(), id.offset()), Until.COMMITTED, finder);
        return Optional.ofNullable(finder.found).map(record -> new WholeLetter(DeadLetter.of(record), record.value(), record.headers(),
                Optional.ofNullable(finder.note)));
    }

    private static final class Finder implements DeadLetterReader.Visitor {
        private final LetterId wanted;
        private ConsumerRecord<byte[], byte[]> found;
        private ReplayNote note;

        private Finder(LetterId wanted) {
            this.wanted = wanted;
        }

        @Override
        public void letter(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
            if (letter.id().equals(wanted)) {
                found = record;
            }
        }

        @Override
        public void replayed(ReplayNote replay) {
            if (replay.of().equals(wanted)) {
                note = replay;
            }
        }
    }
}
