package io.jobwatch.topic.deadletter;

import java.time.Instant;
import java.util.Optional;

/**
 * Which letters are meant; what is empty asks for nothing.
 *
 * @param since those that became dead letters then or later
 */
public record LetterFilter(Optional<String> source, Optional<String> origin, Optional<String> reason, Optional<Instant> since) {

    /** {@return whether the letter is meant} */
    public boolean matches(DeadLetter letter) {
        return source.map(wanted -> letter.source().filter(wanted::equals).isPresent()).orElse(true)
                && origin.map(letter.origin()::equals).orElse(true)
                && reason.map(letter.reason()::equals).orElse(true)
                && since.map(time -> !letter.time().isBefore(time)).orElse(true);
    }
}
