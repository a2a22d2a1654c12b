package io.jobwatch.query.stream;

import io.jobwatch.event.JobState;

/**
 * A transition with what readers are told of it.
 *
 * @param state after the transition
 * @param json  the transition as JSON in one line, UTF-8; shared, not to be modified
 */
record TransitionEvent(int partition, long offset, String source, JobState state, byte[] json) {
}
