package io.jobwatch.topology;

import io.jobwatch.event.JobStateEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * A record of a job, and what became of it.
 *
 * @param writtenAt the record's own time; empty where it has none
 * @param seen      what the record says; empty where it cannot be read
 * @param certain   whether the decision is the one that was made; false where it rests on an assumption, because older observations of the
 *                  job are missing
 * @param why       why it was decided so, with the values that led to it: one line for people, without markup
 */
public record ExplainedObservation(String topic, int partition, long offset, Optional<Instant> writtenAt, Optional<JobStateEvent> seen,
                                   Decision decision, boolean certain, String why) {
}
