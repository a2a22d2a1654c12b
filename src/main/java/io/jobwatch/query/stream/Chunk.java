package io.jobwatch.query.stream;

import java.util.List;

/**
 * A piece of the topic, read for one reader.
 *
 * @param gaps   what was found to be lost before it
 * @param events those that pass the reader's filter, in order within each partition
 * @param next   the position behind it, by partition
 */
record Chunk(List<Gap> gaps, List<TransitionEvent> events, long[] next) {
}
