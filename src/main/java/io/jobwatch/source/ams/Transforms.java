package io.jobwatch.source.ams;

import io.jobwatch.source.SourceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whose jobs are listed: the transforms that are configured, else those that the service lists, asked for now and then. One thread. */
final class Transforms {

    /**
     * How long the service's list counts. In an active set a job of a new transform is only seen if it was created since the time that is
     * asked for, so this has to be well below {@link AmsV3Source#CREATED_OVERLAP}.
     */
    static final Duration REFRESH = Duration.ofSeconds(30);

    private static final int MAX = 10_000;

    private final List<String> configured;
    private final AmsV3Api api;
    private final Clock clock;
    private List<String> listed = List.of();
    private Optional<Instant> listedAt = Optional.empty();

    /** @param configured names; empty to ask the service for all of them */
    Transforms(List<String> configured, AmsV3Api api, Clock clock) {
        this.configured = List.copyOf(configured);
        this.api = api;
        this.clock = clock;
    }

    /** {@return their names} */
    List<String> names() throws SourceException, InterruptedException {
        if (!configured.isEmpty()) {
            return configured;
        }
        Instant now = clock.instant();
        boolean fresh = listedAt.filter(at -> !now.isBefore(at) && now.isBefore(at.plus(REFRESH))).isPresent();
        if (!fresh) {
            listed = read();
            listedAt = Optional.of(now);
        }
        return listed;
    }

    /** Has the service asked for them the next time: one that was deleted can no longer be read. */
    void forget() {
        listedAt = Optional.empty();
    }

    private List<String> read() throws SourceException, InterruptedException {
        Set<String> names = new LinkedHashSet<>();
        api.list("transforms", List.of(), MAX, entity -> {
            String name = TaskReader.text(entity.node().path("name"));
            names.add(name);
            return name;
        });
        if (!names.stream().allMatch(V3JobId::isName)) {
            // To pass over it would be to miss its jobs.
            throw new SourceException("the service lists a transform without a name: list those to watch in the source's transforms");
        }
        return List.copyOf(names);
    }
}
