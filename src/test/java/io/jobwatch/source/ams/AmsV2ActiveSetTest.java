package io.jobwatch.source.ams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jobwatch.config.AmsV2Options;
import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.Reading;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.JobHistory;
import io.jobwatch.embedded.simulator.ManualClock;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import io.jobwatch.event.JobState;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.Listing;
import io.jobwatch.source.ObservedJob;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AmsV2ActiveSetTest {
    private static final String EVERYTHING = "/Jobs?$top=1000&$skip=0";
    private static final String LIVE = EVERYTHING + "&$filter=State eq 0 or State eq 1 or State eq 2 or State eq 6";

    private final ManualClock clock = new ManualClock("2026-03-01T10:00:00Z");

    @Test
    void shouldSeeTheTruthAtEveryPollAndListLittleOfIt() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(150, 31, 1), clock);
                JobSource source = source(simulator.url())) {
            ActiveSetPoller poller = new ActiveSetPoller(source);
            int listed = 0;
            while (!simulator.allDone()) {
                listed = poller.poll().jobs().size();
                assertThat(states(poller)).isEqualTo(simulator.history().stream()
                        .collect(Collectors.toMap(JobHistory::jobId, JobHistory::state)));
                clock.advance(Duration.ofSeconds(7));
            }
            assertThat(listed).isPositive().isLessThan(simulator.history().size() / 3);
            assertThat(poller.gone()).isEmpty();
        }
    }

    /** Nobody looks for longer than the overlap, and all that happened in the meantime is there. */
    @Test
    void shouldSeeJobsThatBeganAndEndedBetweenTwoPolls() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(120, 32, 1), clock);
                JobSource source = source(simulator.url())) {
            ActiveSetPoller poller = new ActiveSetPoller(source);
            poller.poll();
            clock.advance(Duration.ofSeconds(100));
            poller.poll();
            clock.advance(Duration.ofHours(1));
            poller.poll();
            assertThat(states(poller)).hasSize(120).isEqualTo(simulator.history().stream()
                    .collect(Collectors.toMap(JobHistory::jobId, JobHistory::state)));
        }
    }

    @Test
    void shouldAskForAllJobsFirstAndThenForTheLiveOnesAndTheNewOnes() throws Exception {
        try (ScriptedService service = new ScriptedService(); JobSource source = source(service.url())) {
            service.on(EVERYTHING, 200, Map.of("Date", "Sun, 01 Mar 2026 10:00:00 GMT"),
                    "{\"value\":[{\"Id\":\"a\",\"State\":3,\"Created\":\"2026-03-01T09:59:00.25\"},{\"Id\":\"b\",\"State\":2}]}");
            Listing.ActiveSet first = (Listing.ActiveSet) source.list(Optional.empty());
            assertThat(first.jobs()).hasSize(2);
            assertThat(first.token()).contains("2026-03-01T09:59:00.250Z");

            String recent = EVERYTHING + "&$filter=Created ge datetime'2026-03-01T09:58:00.250'";
            service.on(LIVE, 200, Map.of("Date", "Sun, 01 Mar 2026 10:00:05 GMT"), "{\"value\":[{\"Id\":\"b\",\"State\":2}]}")
                    .on(recent, 200, Map.of("Date", "Sun, 01 Mar 2026 10:00:06 GMT"),
                            "{\"value\":[{\"Id\":\"b\",\"State\":3},{\"Id\":\"c\",\"State\":4,\"Created\":\"2026-03-01T10:07:00\"}]}");
            Listing.ActiveSet second = (Listing.ActiveSet) source.list(first.token());
            assertThat(service.requests()).containsExactly(EVERYTHING, LIVE, recent);
            // The later reading of a job counts, and the watermark does not run ahead of the service's clock.
            assertThat(second.jobs()).extracting(ObservedJob::jobId, ObservedJob::state)
                    .containsExactlyInAnyOrder(tuple("b", JobState.FINISHED), tuple("c", JobState.ERROR));
            assertThat(second.token()).contains("2026-03-01T10:00:05Z");
        }
    }

    @Test
    void shouldAskForAllJobsWhereTheTokenIsOfAnotherReading() throws Exception {
        try (ScriptedService service = new ScriptedService(); JobSource source = source(service.url())) {
            service.on(EVERYTHING, "{\"value\":[]}");
            assertThat(((Listing.ActiveSet) source.list(Optional.of("1773000000"))).token()).isEmpty();
            assertThat(service.requests()).isEqualTo(List.of(EVERYTHING));
        }
    }

    private static Map<String, JobState> states(ActiveSetPoller poller) {
        return poller.known().values().stream().collect(Collectors.toMap(ObservedJob::jobId, ObservedJob::state));
    }

    private JobSource source(URI url) {
        return JobSources.create(new SourceConfig("enc", "ams-v2", url, "contoso", Optional.empty(), SourceConfig.DEFAULT_POLL_INTERVAL,
                SourceConfig.DEFAULT_REQUEST_TIMEOUT, SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.All(), new AuthConfig.None(),
                SourceConfig.DEFAULT_POLL_INTERVAL, Optional.empty(), Optional.empty(), new AmsV2Options(Reading.ACTIVE_SET)),
                Clock.systemUTC());
    }
}
