package io.jobwatch.query.stream;

import io.jobwatch.event.JobState;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which transitions a reader wants.
 *
 * @param source empty for all sources
 * @param states states after the transition; empty for all
 */
public record TransitionFilter(Optional<String> source, Set<JobState> states) {

    public TransitionFilter {
        states = states.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(states));
    }

    boolean passes(TransitionEvent event) {
        return (source.isEmpty() || source.get().equals(event.source())) && (states.isEmpty() || states.contains(event.state()));
    }
}
