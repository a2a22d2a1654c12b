package io.jobwatch.cli.doctor;

import java.util.List;

/**
 * Looks at one thing several times, seconds apart: one look does not tell whether something moves.
 *
 * @param <T> what one look shows
 */
public interface Watch<T> {

    /** {@return what is looked at, in a word or two} */
    String subject();

    /**
     * {@return what is so now}
     *
     * @throws Exception if there was no looking; it becomes a finding, and there is no further look
     */
    T look() throws Exception;

    /**
     * {@return what the looks mean}
     *
     * @param looks at least one, the first one first
     */
    Result judge(List<T> looks);
}
