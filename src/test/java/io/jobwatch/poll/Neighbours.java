package io.jobwatch.poll;

import static org.awaitility.Awaitility.await;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Polls sources whose services are well, and beside them, for a while each, one whose service is hostile (the services of the others that
 * will be are well until then), and measures when the polls of the well ones begin.
 */
final class Neighbours implements AutoCloseable {
    static final int WELL = 49;
    private static final int ATTEMPTS = 3;
    private static final Duration INTERVAL = Duration.ofMillis(500);
    /** At least one poll of each source; longer for figures worth quoting. */
    private static final Duration WINDOW = Duration.ofMillis(Long.getLong("jobwatch.test.neighbours.millis", 600));
    private static final Duration EARLY = Duration.ofMillis(5);
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Those that let a poller wait, hand it much to read, or have it fail in a way of its own. */
    private static final Set<Hostility> KINDS = EnumSet.of(Hostility.UNAVAILABLE, Hostility.ERRORS, Hostility.EXPIRED_TOKEN,
            Hostility.REFUSED, Hostility.RESET, Hostility.STALLS, Hostility.DRIPS, Hostility.NEVER_ENDS, Hostility.CUT, Hostility.HTML,
            Hostility.NESTED, Hostility.REPEATED_PAGE, Hostility.REDIRECT);

    /**
     * When the polls of the well sources began, beside a broken one.
     *
     * @param beside  what is broken
     * @param planned how many polls were planned
     * @param delays  in milliseconds, ascending: how much later than planned each began
     * @param missed  which of them, as source and time, did not begin before the next one
     */
    record Punctuality(String beside, int planned, List<Long> delays, Set<String> missed) {
        @Override
        public String toString() {
            return String.format("beside %-20s %4d polls planned, %d missed; late by p50 %d ms, p99 %d ms, max %d ms", beside, planned,
                    missed.size(), percentile(50), percentile(99), percentile(100));
        }

        private long percentile(int percent) {
            return delays.isEmpty() ? -1 : delays.get((delays.size() - 1) * percent / 100);
        }
    }

    private final Clock clock = Clock.systemUTC();
    private final CrowdedService well = new CrowdedService(1);
    private final CrowdedService crowded = new CrowdedService(1);
    private final Map<Hostility, HostileService> hostile = new EnumMap<>(Hostility.class);
    private final Map<String, NavigableSet<Instant>> starts = new ConcurrentHashMap<>();
    private final List<String> names = IntStream.range(0, WELL).mapToObj(i -> "neighbour-" + i).toList();
    private final PollerFixture fixture;

    Neighbours(PollerFixture fixture) throws IOException {
        this.fixture = fixture;
        names.forEach(name -> add(well.source(name, INTERVAL)));
        for (Hostility kind : KINDS) {
            hostile.put(kind, new HostileService());
            add(hostile.get(kind).source("beside-" + kind.word(), INTERVAL, kind.deadline()));
        }
        add(crowded.source("beside-crowd", INTERVAL));
    }

    private void add(SourceConfig config) {
        NavigableSet<Instant> begun = starts.computeIfAbsent(config.name(), name -> new ConcurrentSkipListSet<>());
        fixture.source(config, same -> {
            JobSource source = JobSources.create(same, clock);
            return new TimedSource(source, () -> begun.add(clock.instant()));
        });
    }

    /**
     * {@return figures for none broken, then for each kind of broken service} Where polls were missed it is tried again, as a machine that
     * is busy with other things misses some too; a kind that makes others miss theirs does so each time.
     */
    List<Punctuality> measure() {
        List<Punctuality> result = new ArrayList<>();
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await("polls of all").atMost(SOON).until(() -> starts.values().stream().allMatch(begun -> begun.size() > 3));
            result.add(best(attempt -> measure("none")));
            hostile.forEach((kind, service) -> result.add(best(attempt -> beside(kind, service))));
            result.add(best(attempt -> {
                crowded.grows(20_000 * attempt);
                return measure("20,000 jobs");
            }));
        }
        return result;
    }

    private static Punctuality best(IntFunction<Punctuality> measurement) {
        return IntStream.rangeClosed(1, ATTEMPTS).mapToObj(measurement).filter(measured -> measured.missed().isEmpty()).findFirst()
                .orElseGet(() -> measurement.apply(ATTEMPTS + 1));
    }

    private Punctuality beside(Hostility kind, HostileService service) {
        int before = service.listings();
        // It may have asked to be left alone, in an attempt before.
        await("a service that is well").atMost(SOON.plus(Hostility.ASKED)).until(() -> service.listings() > before + 1);
        service.turns(kind);
        try {
            return measure(kind.word());
        } finally {
            service.isWellAgain();
        }
    }

    private Punctuality measure(String beside) {
        Instant from = clock.instant();
        Instant to = from.plus(WINDOW);
        // A poll that was planned within the window may begin until the next one is due.
        await().atMost(SOON).until(() -> clock.instant().isAfter(to.plus(INTERVAL)));
        List<Long> delays = new ArrayList<>();
        Set<String> missed = new TreeSet<>();
        int planned = 0;
        for (String name : names) {
            Schedule schedule = new Schedule(name, INTERVAL, INTERVAL);
            for (Instant at = schedule.next(from); at.isBefore(to); at = schedule.next(at)) {
                planned++;
                Instant begun = starts.get(name).ceiling(at.minus(EARLY));
                if (begun == null || !begun.isBefore(at.plus(INTERVAL).minus(EARLY))) {
                    missed.add(name + " at " + at);
                } else {
                    delays.add(Math.max(0, Duration.between(at, begun).toMillis()));
                }
            }
        }
        return new Punctuality(beside, planned, delays.stream().sorted().toList(), missed);
    }

    @Override
    public void close() throws IOException {
        for (HostileService service : hostile.values()) {
            service.close();
        }
        well.close();
        crowded.close();
    }
}
