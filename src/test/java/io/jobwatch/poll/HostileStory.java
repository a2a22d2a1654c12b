package io.jobwatch.poll;

import static org.awaitility.Awaitility.await;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.PollCursor;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.RequestLimits;
import io.jobwatch.source.Ticker;
import io.jobwatch.topic.TestTopics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What becomes of a source of each {@link Hostility}, all polled by one poller: their services are well, then hostile for two minutes of a
 * clock that only the story moves, while all of their jobs change, then well again.
 */
final class HostileStory implements AutoCloseable {
    static final String BAD_ITEM_SOURCE = "hostile-bad-item";
    private static final String PREFIX = "hostile-";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration INTERVAL = Duration.ofMillis(200);

    /** What was there at one moment, by source. */
    record Snapshot(Map<String, Map<String, List<String>>> names, Map<String, List<PollCursor>> cursors,
                    Map<String, SourceStatus> statuses, List<SourceStatus> told, Map<String, Integer> strikes) {

        /** {@return all that had been told of how a source was doing, in order} */
        List<SourceStatus> told(Hostility kind) {
            return told.stream().filter(status -> status.getSource().equals(name(kind))).toList();
        }
    }

    private final SettableClock clock = new SettableClock(TIME);
    private final Map<Hostility, HostileService> services = new EnumMap<>(Hostility.class);
    private final HostileService withBadItem = new HostileService();
    private final PollerFixture fixture;
    private Snapshot before;
    private Snapshot hostile;
    private Snapshot after;

    HostileStory(TestTopics topics) throws IOException {
        fixture = new PollerFixture(topics, "hostile");
        List<SourceConfig> configs = new ArrayList<>();
        for (Hostility kind : Hostility.values()) {
            services.put(kind, new HostileService());
            configs.add(services.get(kind).source(name(kind), INTERVAL, kind.deadline()));
        }
        configs.add(withBadItem.source(BAD_ITEM_SOURCE, INTERVAL, Duration.ofSeconds(30)));
        RequestLimits limits = new RequestLimits(configs, (source, wait) -> { }, new ClockTicker(clock));
        configs.forEach(config -> fixture.source(config, same -> JobSources.create(same, clock, limits)));
    }

    static String name(Hostility kind) {
        return PREFIX + kind.word();
    }

    void play() {
        try (Poller poller = fixture.poller("one", clock)) {
            poller.start();
            await("all jobs").atMost(SOON).until(() -> events(fixture.namesBySource(PREFIX)) == 4 * (services.size() + 1)
                    && statuses().size() == services.size() + 1);
            before = snapshot();
            withBadItem.showsABadItem();
            withBadItem.shows("v2");
            services.forEach((kind, service) -> {
                service.turns(kind);
                service.shows("v2");
            });
            await("failures").atMost(SOON).until(() -> {
                Map<String, SourceStatus> statuses = statuses();
                return services.keySet().stream().allMatch(kind -> statuses.get(name(kind)).getFailuresInRow()
                        >= (Hostility.ASKING.contains(kind) ? 1 : 2));
            });
            twoMinutesPass();
            hostile = snapshot();
            clock.advance(Duration.ofSeconds(1));
            await("the end of what they asked for").atMost(SOON)
                    .until(() -> Hostility.ASKING.stream().allMatch(kind -> services.get(kind).strikes() == 2));
            services.values().forEach(HostileService::isWellAgain);
            clock.advance(Hostility.ASKED);
            await("news").atMost(SOON).until(() -> events(fixture.namesBySource(PREFIX)) >= 8 * (services.size() + 1)
                    && statuses().values().stream().allMatch(status -> status.getFailuresInRow() == 0));
            Map<Hostility, Integer> listings = services.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().listings()));
            await("more polls").atMost(SOON).until(() -> listings.entrySet().stream()
                    .allMatch(seen -> services.get(seen.getKey()).listings() > seen.getValue() + 2));
        }
        after = snapshot();
    }

    /** All but a second: the clock goes from one poll of the service that answers 500 to its next. */
    private void twoMinutesPass() {
        Instant end = TIME.plus(Hostility.ASKED).minusSeconds(1);
        SourceStatus last = statuses().get(name(Hostility.ERRORS));
        while (last.getNextPollAt().isBefore(end)) {
            advanceTo(last.getNextPollAt());
            int failures = last.getFailuresInRow();
            await("the next failure").atMost(SOON).until(() -> statuses().get(name(Hostility.ERRORS)).getFailuresInRow() > failures);
            last = statuses().get(name(Hostility.ERRORS));
        }
        advanceTo(end);
        // Longer than it takes a poller to notice that the clock has moved.
        await("silence").during(Duration.ofMillis(1500)).atMost(SOON)
                .until(() -> Hostility.ASKING.stream().allMatch(kind -> services.get(kind).strikes() == 1));
    }

    private void advanceTo(Instant time) {
        if (time.isAfter(clock.instant())) {
            clock.advance(Duration.between(clock.instant(), time));
        }
    }

    /** {@return before anything happened} */
    Snapshot before() {
        return before;
    }

    /** {@return after almost two minutes of hostility} */
    Snapshot hostile() {
        return hostile;
    }

    /** {@return when all was well again} */
    Snapshot after() {
        return after;
    }

    HostileService service(Hostility kind) {
        return services.get(kind);
    }

    /** The services are asked last: what they know of is never less than what was told of them. */
    private Snapshot snapshot() {
        Map<String, SourceStatus> statuses = statuses();
        List<SourceStatus> told = fixture.statuses(PREFIX);
        Map<String, List<PollCursor>> cursors = fixture.cursors(PREFIX).stream().collect(Collectors.groupingBy(PollCursor::getSource));
        Map<String, Integer> strikes = services.entrySet().stream()
                .collect(Collectors.toMap(entry -> name(entry.getKey()), entry -> entry.getValue().strikes()));
        return new Snapshot(fixture.namesBySource(PREFIX), cursors, statuses, told, strikes);
    }

    private Map<String, SourceStatus> statuses() {
        return fixture.statuses(PREFIX).stream()
                .collect(Collectors.toMap(SourceStatus::getSource, status -> status, (earlier, later) -> later));
    }

    private static int events(Map<String, Map<String, List<String>>> names) {
        return names.values().stream().flatMap(jobs -> jobs.values().stream()).mapToInt(List::size).sum();
    }

    @Override
    public void close() throws IOException {
        for (HostileService service : services.values()) {
            service.close();
        }
        withBadItem.close();
    }

    /** Goes by a clock that a test moves. No request of the story waits for its turn. */
    private record ClockTicker(SettableClock clock) implements Ticker {
        @Override
        public long nanoTime() {
            return Duration.between(TIME, clock.instant()).toNanos();
        }

        @Override
        public void sleep(long nanos) {
            throw new IllegalStateException("a request waits for " + nanos + " ns of a clock that stands still");
        }
    }
}
