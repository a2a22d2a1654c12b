package io.jobwatch.source.ams;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.AmsV3Options.Dialect;
import io.jobwatch.config.Reading;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.embedded.simulator.ManualClock;
import io.jobwatch.event.JobState;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.ObservedJob;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A service whose jobs change between any two requests, tie on their times of creation, become visible late, vanish once they have ended,
 * and whose clocks are apart; and whose transforms come into being while it is watched.
 */
class AmsV3ActiveSetPropertyTest {
    private static final List<String> WAY = List.of("Queued", "Scheduled", "Processing", "Canceling");
    private static final List<String> ENDS = List.of("Finished", "Error", "Canceled");

    @Property(tries = 25)
    void shouldMissNoJobAndTakeNoneForGone(@ForAll long seed, @ForAll boolean mkio, @ForAll boolean linked) throws Exception {
        ManualClock clock = new ManualClock("2026-03-01T10:00:00Z");
        Dialect dialect = mkio ? Dialect.MKIO : Dialect.ARM;
        try (AmsV3Service service = new AmsV3Service(dialect, clock).transform("t0").pages(3)) {
            if (mkio && !linked) {
                service.unlinked();
            }
            SourceConfig config = AmsV3Sources.config("v3", service.url(), AmsV3Service.TOKEN,
                    AmsV3Sources.options(dialect, Reading.ACTIVE_SET));
            try (JobSource source = JobSources.create(config, clock)) {
                World world = new World(service, clock, new Random(seed));
                ActiveSetPoller poller = new ActiveSetPoller(source);
                for (int poll = 0; poll < 12; poll++) {
                    world.between(poller);
                    service.beforeEach(world::within);
                    poller.poll();
                    service.beforeEach(() -> { });
                }
                // What changed behind the last listing's back is in the next one.
                clock.advance(Transforms.REFRESH);
                poller.poll();
                assertThat(poller.gone()).isEmpty();
                assertThat(states(poller)).containsAllEntriesOf(world.states());
            }
        }
    }

    private static Map<String, JobState> states(ActiveSetPoller poller) {
        return poller.known().values().stream().collect(Collectors.toMap(ObservedJob::jobId, ObservedJob::state));
    }

    /** Changes the service's jobs. Used by one thread at a time: a request is answered while the poller waits for it. */
    private static final class World {
        private final AmsV3Service service;
        private final ManualClock clock;
        private final Random random;
        /** How far the clock that stamps jobs is from the one that stamps answers. */
        private final Duration skew;
        private final Map<String, AmsV3Service.Job> jobs = new LinkedHashMap<>();
        private int transforms = 1;

        World(AmsV3Service service, ManualClock clock, Random random) {
            this.service = service;
            this.clock = clock;
            this.random = random;
            this.skew = Duration.ofSeconds(random.nextInt(80) - 40);
        }

        synchronized Map<String, JobState> states() {
            return jobs.values().stream().collect(Collectors.toMap(AmsV3Service.Job::key, job -> AmsStates.state(job.state())));
        }

        /** Time passes and much happens; ended jobs that were seen are cleared away. */
        synchronized void between(ActiveSetPoller poller) {
            int steps = random.nextInt(12);
            for (int i = 0; i < steps; i++) {
                clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 300_000 : 5000)));
                step();
            }
            if (transforms < 3 && random.nextInt(6) == 0) {
                service.transform("t" + transforms++);
            }
            for (AmsV3Service.Job job : new ArrayList<>(jobs.values())) {
                boolean seen = poller.known().containsKey(job.key())
                        && poller.known().get(job.key()).state() == AmsStates.state(job.state());
                if (seen && ENDS.contains(job.state()) && random.nextInt(3) == 0) {
                    service.delete(job.key());
                }
            }
        }

        /** What happens while a listing is read, before a request. */
        synchronized void within() {
            clock.advance(Duration.ofMillis(random.nextInt(400)));
            if (random.nextInt(3) > 0) {
                step();
            }
        }

        private void step() {
            if (random.nextInt(3) == 0) {
                create();
            }
            for (AmsV3Service.Job job : new ArrayList<>(jobs.values())) {
                if (!ENDS.contains(job.state()) && random.nextInt(3) == 0) {
                    jobs.put(job.key(), service.put(job.in(after(job.state()))));
                }
            }
        }

        /** Whole seconds tie; a job that is written late carries the time at which its writing began. */
        private void create() {
            Instant created = clock.instant().plus(skew).minusSeconds(random.nextInt(4) == 0 ? random.nextInt(30) : 0)
                    .truncatedTo(ChronoUnit.SECONDS);
            AmsV3Service.Job job = service.put("t" + random.nextInt(transforms), "job-" + jobs.size(), "Queued", created);
            jobs.put(job.key(), random.nextInt(4) == 0 ? service.put(job.in("Error")) : job);
        }

        private String after(String state) {
            int next = WAY.indexOf(state) + 1 + random.nextInt(2);
            return next < WAY.size() ? WAY.get(next) : ENDS.get(random.nextInt(ENDS.size()));
        }
    }
}
