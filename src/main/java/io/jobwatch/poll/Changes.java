package io.jobwatch.poll;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.source.BadItem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a poll leads to.
 *
 * @param events       to be published
 * @param memory       what is to be remembered of a job, or empty to forget it
 * @param deadLetters  bad items that were not seen before
 * @param badItems     hashes of the bad items to remember: those of this listing, then earlier ones, up to a limit
 * @param statesMissed states that jobs must have passed unseen
 */
record Changes(
        List<JobStateEvent> events,
        Map<String, Optional<JobMemory>> memory,
        List<BadItem> deadLetters,
        Set<String> badItems,
        int statesMissed) {

    boolean isEmpty() {
        return events.isEmpty() && memory.isEmpty() && deadLetters.isEmpty();
    }
}
