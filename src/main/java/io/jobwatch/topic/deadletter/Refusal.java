package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.DeadLetterHeaders;
import java.util.Optional;

/** Why a letter is not put back. */
public enum Refusal {
    /** There is no such letter, or no longer. */
    NOT_THERE,
    /** An item that a service listed: no record, and the next poll asks the service again. */
    POLL_ITEM,
    /** It does not say where it came from, or that place does not exist. */
    NO_PLACE,
    /** It came from a topic that jobwatch writes and others read. */
    OUTPUT,
    /** Only its beginning was kept. */
    CUT,
    /** It was put back before. */
    REPLAYED;

    /**
     * A refusal with its words for people.
     *
     * @param why says what to do where something can be done
     */
    public record Reasoned(Refusal refusal, String why) {
    }

    Reasoned because(String why) {
        return new Reasoned(this, why);
    }

    /**
     * {@return why the letter cannot be put back, whatever happened to it before; empty where it can be}
     *
     * @param input      the only topic into which letters are put back
     * @param partitions of that topic
     */
    static Optional<Reasoned> of(DeadLetter letter, String input, int partitions) {
        if (letter.origin().equals(DeadLetterHeaders.POLL)) {
            return Optional.of(POLL_ITEM.because("it is an item that the service of the source "
                    + letter.source().orElse(DeadLetter.UNKNOWN) + " listed, not a record: every poll reads the service again"));
        }
        if (!letter.origin().equals(DeadLetterHeaders.STREAM) || letter.from().isEmpty()) {
            return Optional.of(NO_PLACE.because("its headers do not say from which record it was made"));
        }
        Place from = letter.from().get();
        if (!from.topic().equals(input)) {
            return Optional.of(OUTPUT.because("it was read in " + from.topic() + ", where each record is to be there once for all who"
                    + " read it; it still stands at " + from + ": set its reader, the report role, back to that offset"));
        }
        if (from.partition() < 0 || from.partition() >= partitions) {
            return Optional.of(NO_PLACE.because("it came from partition " + from.partition() + ", and the topic has " + partitions));
        }
        if (letter.cut()) {
            return Optional.of(CUT.because("it was too large for a dead letter and only its beginning was kept; the whole record is at "
                    + from + ", as long as that topic keeps it"));
        }
        return Optional.empty();
    }
}
