package io.jobwatch.source.ams;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.Fault;
import io.jobwatch.embedded.simulator.JobHistory;
import io.jobwatch.embedded.simulator.ManualClock;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import io.jobwatch.event.JobState;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.LeapingTicker;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.RequestLimits;
import io.jobwatch.source.SourceException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The contract of a source, against a service that knows the truth. */
class AmsV2SourceAgainstSimulatorTest {

    private final ManualClock clock = new ManualClock("2026-03-01T10:00:00Z");

    @Test
    void shouldSeeTheTruthAtEveryMoment() throws Exception {
        SimulatorSettings settings = SimulatorSettings.of(40, 21, 1).withBearerToken("t0ken");
        try (EncoderSimulator simulator = EncoderSimulator.start(settings, clock); JobSource source = source(simulator.url())) {
            while (!simulator.allDone()) {
                Listing.Snapshot listing = list(source);
                assertThat(listing.bad()).isEmpty();
                assertTrue(listing.jobs(), simulator.history());
                clock.advance(Duration.ofMillis(2500));
            }
        }
    }

    @Test
    void shouldReadTheErrorsOfEveryFailedJob() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(50, 22, 1), clock);
                JobSource source = source(simulator.url())) {
            clock.advance(Duration.ofHours(1));
            Map<String, JobHistory> truth = byId(simulator.history());
            List<ObservedJob> stopped = list(source).jobs().stream().filter(job -> job.state() != JobState.FINISHED).toList();
            assertThat(stopped).hasSizeGreaterThan(10);
            for (ObservedJob job : stopped) {
                ObservedJob detailed = source.withDetails(job);
                assertThat(detailed.detailsAvailable()).isTrue();
                assertThat(detailed.progress()).isPresent();
                List<JobHistory.TaskError> read = detailed.tasks().stream().flatMap(task -> task.getErrors().stream()
                        .map(error -> new JobHistory.TaskError(task.getTaskId(), error.getCode(), error.getMessage()))).toList();
                assertThat(read).isEqualTo(truth.get(job.jobId()).errors());
            }
        }
    }

    @Test
    void shouldLookUpJobsThatAreThereAndOnesThatAreNot() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(3, 23, 1), clock);
                JobSource source = source(simulator.url())) {
            String id = simulator.history().get(0).jobId();
            assertThat(source.lookup(id)).isEqualTo(new Lookup.Found(list(source).jobs().get(0)));
            assertThat(source.lookup("nb:jid:UUID:none")).isEqualTo(new Lookup.Gone());
        }
    }

    @Test
    void shouldReadMoreThanAPageThroughARedirectingRoot() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(2100, 24, 1).withRootRedirects(), clock);
                JobSource source = source(simulator.url())) {
            clock.advance(Duration.ofHours(5));
            assertTrue(list(source).jobs(), simulator.history());
        }
    }

    @Test
    void shouldGiveTheTruthOrAnErrorUnderFaults() throws Exception {
        Set<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.SLOW));
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(40, 25, 1).withFaults(faults, 0.15), clock);
                JobSource source = source(simulator.url())) {
            List<SourceException> failures = new ArrayList<>();
            int badItems = 0;
            while (!simulator.allDone()) {
                try {
                    Listing.Snapshot listing = list(source);
                    badItems += listing.bad().size();
                    assertTrue(listing.jobs(), simulator.history());
                } catch (SourceException e) {
                    failures.add(e);
                }
                clock.advance(Duration.ofSeconds(2));
            }
            assertThat(badItems).isPositive();
            assertThat(failures).extracting(Throwable::getMessage).anyMatch(text -> text.contains("HTTP 503: Server is busy"))
                    .anyMatch(text -> text.contains("HTTP 500")).anyMatch(text -> text.contains("cut off"));
            assertThat(failures).filteredOn(failure -> failure.getMessage().contains("HTTP 503"))
                    .allMatch(failure -> failure.retryAfter().equals(Optional.of(Duration.ofSeconds(1))));
        }
    }

    private static void assertTrue(List<ObservedJob> seen, List<JobHistory> truth) {
        Map<String, JobHistory> expected = byId(truth);
        assertThat(seen).hasSameSizeAs(truth).allSatisfy(job -> {
            JobHistory history = expected.get(job.jobId());
            assertThat(job.name()).contains(history.name());
            assertThat(job.state()).isEqualTo(history.state());
            assertThat(job.nativeState()).isEqualToIgnoringCase(history.state().name());
            assertThat(job.createdAt()).contains(history.changes().get(0).at());
            assertThat(job.startedAt()).isEqualTo(history.changes().stream().filter(change -> change.state() == JobState.PROCESSING)
                    .map(JobHistory.Change::at).findFirst());
            boolean ended = Set.of(JobState.FINISHED, JobState.ERROR, JobState.CANCELED).contains(history.state());
            assertThat(job.endedAt()).isEqualTo(ended ? Optional.of(history.changes().get(history.changes().size() - 1).at())
                    : Optional.empty());
        });
    }

    private static Map<String, JobHistory> byId(List<JobHistory> truth) {
        return truth.stream().collect(Collectors.toMap(JobHistory::jobId, Function.identity()));
    }

    private static Listing.Snapshot list(JobSource source) throws Exception {
        return (Listing.Snapshot) source.list(Optional.empty());
    }

    private static JobSource source(URI url) {
        SourceConfig config = new SourceConfig("enc", "ams-v2", url, "contoso", Optional.empty(), SourceConfig.DEFAULT_POLL_INTERVAL,
                SourceConfig.DEFAULT_REQUEST_TIMEOUT, SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.Now(),
                new AuthConfig.Bearer(new Secret("t0ken")));
        // The pauses that the simulator asks for are over at once.
        return JobSources.create(config, Clock.systemUTC(), new RequestLimits(List.of(config), (name, wait) -> { }, new LeapingTicker()));
    }
}
