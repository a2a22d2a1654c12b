package io.jobwatch.poll;

import io.jobwatch.source.BadItem;
import io.jobwatch.source.ObservedJob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that one successful poll learned.
 *
 * @param startedAt  when the poll began; what it shows is not older
 * @param observedAt when the listing was complete
 * @param listed     the jobs as listed, or found by a look-up, by id
 * @param detailed   those of them whose details were read by a call of their own
 * @param held       ids that wait for the next poll, because a call for them failed or was put off
 * @param gone       ids of known jobs that the service said it does not know
 * @param notBefore  for jobs that were held until now, the last successful look before their news showed; for others it is the last poll
 * @param bad        items that could not be read
 * @param token      what recognises an unchanged listing; empty while it would hide what is still to be found out
 */
record Observations(
        Instant startedAt,
        Instant observedAt,
        Map<String, ObservedJob> listed,
        Map<String, ObservedJob> detailed,
        Set<String> held,
        Set<String> gone,
        Map<String, Optional<Instant>> notBefore,
        List<BadItem> bad,
        Optional<String> token) {
}
