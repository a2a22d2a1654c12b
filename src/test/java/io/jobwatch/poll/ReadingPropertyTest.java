package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.JobStates;
import io.jobwatch.poll.ServiceModel.Act;
import io.jobwatch.poll.ServiceModel.Happening;
import io.jobwatch.poll.ServiceModel.Reading;
import io.jobwatch.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever happens to the jobs of a service while it is read, and whichever way it is read: in the end each job was told as it is, none
 * as gone of which the service did not say so, and nothing twice.
 */
class ReadingPropertyTest {
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration DETAILS_TIMEOUT = Duration.ofSeconds(60);

    /** One poll, and what happens before it and meanwhile. */
    record Step(List<Happening> before, List<Happening> during, int failingPage, boolean failingCalls, int passSeconds) {
    }

    private final Map<String, List<JobStateEvent>> published = new TreeMap<>();
    private SettableClock clock;
    private ServiceModel service;
    private SourceMemory memory;
    private ChangeDetector detector;
    private PollRound round;

    @Property(tries = 600)
    void shouldTellEveryJobAsItIsInTheEnd(@ForAll Reading reading, @ForAll("steps") List<Step> steps,
                                          @ForAll @IntRange(min = -90, max = 90) int timesAhead,
                                          @ForAll @IntRange(min = -90, max = 90) int datesAhead,
                                          @ForAll @IntRange(min = 0, max = 20) int restartAt) throws Exception {
        begin(reading, timesAhead, datesAhead);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (i == restartAt) {
                restart();
            }
            step.before().forEach(service::happen);
            service.next(step.during(), step.failingPage(), step.failingCalls());
            poll();
            clock.advance(Duration.ofSeconds(step.passSeconds()));
        }
        settle(Missing.LIVE_UNHEARD);

        // An active set tells nothing of an ended job, so that it began and ended once more between two looks is found out with the ended.
        service.rows().values().stream().filter(row -> row.attempt() == 1 || reading != Reading.ACTIVE_SET).forEach(this::requireTold);
        published.keySet().stream().filter(id -> !service.rows().containsKey(id)).filter(id -> !JobStates.isTerminal(last(id).getState()))
                .forEach(id -> assertThat(last(id).getGone()).as("a live job that vanished: " + id).isTrue());

        settle(Missing.ENDED_UNHEARD);
        service.rows().values().forEach(this::requireTold);
        published.keySet().stream().filter(id -> !service.rows().containsKey(id))
                .forEach(id -> assertThat(last(id).getGone()).as("an ended job that vanished: " + id).isTrue());
        requireNothingTwice();
    }

    private void requireTold(ServiceModel.Row row) {
        assertThat(published).as("a job that was never told").containsKey(row.id());
        assertThat(last(row.id()).getState()).as(row.id()).isEqualTo(row.state());
        assertThat(last(row.id()).getAttempt()).as(row.id()).isEqualTo(row.attempt());
        assertThat(last(row.id()).getGone()).as(row.id()).isFalse();
    }

    private void begin(Reading reading, int timesAhead, int datesAhead) {
        published.clear();
        clock = new SettableClock(TIME);
        service = new ServiceModel(reading, clock, Duration.ofSeconds(timesAhead), Duration.ofSeconds(datesAhead));
        memory = new SourceMemory();
        SourceConfig config = Sources.source("model", new StartFrom.All(), Duration.ofSeconds(1), DETAILS_TIMEOUT);
        detector = new ChangeDetector(config);
        restart();
    }

    /** Another owner takes over: it knows what is in the cursors and nothing else. */
    private void restart() {
        round = new PollRound("model", service, detector, DETAILS_TIMEOUT, clock);
    }

    private void poll() throws InterruptedException {
        clock.advance(Duration.ofSeconds(1));
        Optional<Observations> seen;
        try {
            seen = round.observe(memory);
        } catch (SourceException e) {
            return;   // nothing is published, nothing is remembered
        }
        Changes changes = detector.detect(memory, seen.orElseThrow());
        for (JobStateEvent event : changes.events()) {
            if (event.getGone()) {
                assertThat(service.saidGone).as("gone without a look-up that said so").contains(event.getJobId());
            }
            published.computeIfAbsent(event.getJobId(), id -> new ArrayList<>()).add(event);
        }
        memory.succeeded(seen.get().startedAt(), seen.get().token(), changes.badItems(), changes.memory());
    }

    /** Time passes in which nothing happens; the service is well. */
    private void settle(Duration pause) throws InterruptedException {
        service.next(List.of(), -1, false);
        poll();
        clock.advance(pause.plusSeconds(1));
        for (int i = 0; i < 3; i++) {
            service.next(List.of(), -1, false);
            poll();
        }
    }

    private JobStateEvent last(String id) {
        List<JobStateEvent> events = published.get(id);
        return events.get(events.size() - 1);
    }

    private void requireNothingTwice() {
        published.forEach((id, events) -> {
            for (int i = 1; i < events.size(); i++) {
                assertThat(what(events.get(i))).as(id).isNotEqualTo(what(events.get(i - 1)));
                assertThat(events.get(i).getObservedAt()).as(id).isAfter(events.get(i - 1).getObservedAt());
            }
        });
    }

    private static String what(JobStateEvent event) {
        return event.getAttempt() + " " + event.getState() + " " + event.getGone() + " " + event.getDetailsAvailable();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Happening> happening = Combinators.combine(
                Arbitraries.frequency(Tuple.of(4, Act.CREATE), Tuple.of(6, Act.ADVANCE),
                        Tuple.of(2, Act.STOP), Tuple.of(1, Act.REQUEUE), Tuple.of(1, Act.DELETE)),
                Arbitraries.integers().between(0, 11),
                Arbitraries.integers().between(0, ServiceModel.MAX_LATE_SECONDS),
                Arbitraries.integers().between(0, 2)).as(Happening::new);
        Arbitrary<Step> step = Combinators.combine(happening.list().ofMaxSize(6), happening.list().ofMaxSize(8),
                Arbitraries.integers().between(-6, 5), Arbitraries.of(false, false, false, true),
                Arbitraries.of(0, 1, 5, 70)).as(Step::new);
        return step.list().ofMinSize(1).ofMaxSize(12);
    }
}
