package io.jobwatch.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A kind of value that a text can stand for.
 *
 * @param expected completes "expected …"
 * @param parser   empty for a text that is none
 */
record Kind<T>(String expected, Function<String, Optional<T>> parser) {

    /** {@return one of a few words} */
    static <E extends Enum<E>> Kind<E> oneOf(Class<E> values, Function<E, String> word) {
        return oneOf(List.of(values.getEnumConstants()), word);
    }

    /** {@return one of a few words, where not all values are possible} */
    static <E extends Enum<E>> Kind<E> oneOf(List<E> values, Function<E, String> word) {
        return new Kind<>("one of " + values.stream().map(word).collect(Collectors.joining(", ")),
                text -> values.stream().filter(value -> word.apply(value).equals(text)).findFirst());
    }

    /** {@return the texts that match} */
    static Kind<String> matching(String expected, String regex) {
        return new Kind<>(expected, text -> text.matches(regex) ? Optional.of(text) : Optional.empty());
    }

    /** {@return whole numbers from min to max} */
    static Kind<Integer> integer(int min, int max) {
        return new Kind<>("a whole number from " + min + " to " + max, text -> text.matches("[0-9]{1,9}")
                ? Optional.of(Integer.valueOf(text)).filter(number -> number >= min && number <= max)
                : Optional.empty());
    }
}
