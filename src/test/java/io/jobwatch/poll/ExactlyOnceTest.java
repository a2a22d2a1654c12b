package io.jobwatch.poll;

import static io.jobwatch.poll.JobBuilder.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.JobState;
import io.jobwatch.event.PollCursor;
import io.jobwatch.job.JobStates;
import io.jobwatch.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

/**
 * A service whose jobs change, vanish, come back and give their ids to others, and a poller whose polls fail and which is restarted, all at
 * random: what is published of each job is the sequence of the differing observations, none twice, none missing.
 */
class ExactlyOnceTest {
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");
    private static final List<String> IDS = List.of("a", "b", "c");

    /** Something that happens to the service or the poller. */
    private enum Kind {
        CHANGE, REUSE, FORGET, HIDE, RESTART, CLOCK, POLL, POLL_LIST_FAILS, POLL_LOOKUPS_FAIL, POLL_DETAILS_FAIL, POLL_COMMIT_FAILS
    }

    private record Step(Kind kind, String jobId, JobState state, int number) {
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(6, Kind.CHANGE), Tuple.of(1, Kind.REUSE),
                Tuple.of(2, Kind.FORGET), Tuple.of(1, Kind.HIDE), Tuple.of(8, Kind.POLL),
                Tuple.of(1, Kind.POLL_LIST_FAILS), Tuple.of(1, Kind.POLL_LOOKUPS_FAIL),
                Tuple.of(1, Kind.POLL_DETAILS_FAIL), Tuple.of(1, Kind.POLL_COMMIT_FAILS),
                Tuple.of(2, Kind.RESTART), Tuple.of(1, Kind.CLOCK));
        return Combinators.combine(kinds, Arbitraries.of(IDS), Arbitraries.of(JobState.class), Arbitraries.integers().between(-90, 90))
                .as(Step::new)
                .list().ofMaxSize(150);
    }

    @Property(tries = 3000)
    void shouldPublishEachObservationOnceWhateverFails(@ForAll("steps") List<Step> steps) {
        new Run().play(steps);
    }

    /** The service, the poller under test, and a model that tells from the service alone what should have been published by now. */
    private static final class Run {
        private final SourceConfig config = Sources.source("encoder", new StartFrom.All(), Duration.ofSeconds(1), Duration.ofDays(1000));
        private final ChangeDetector detector = new ChangeDetector(config);
        private final ScriptedSource service = new ScriptedSource().token("0");
        private final SettableClock clock = new SettableClock(TIME);
        private final Map<String, PollCursor> topic = new LinkedHashMap<>();
        private final Map<String, List<String>> published = new TreeMap<>();
        private final Map<String, Instant> lastObserved = new HashMap<>();
        private SourceMemory memory = new SourceMemory();
        private PollRound round = newRound();

        private final Map<String, Shown> shown = new HashMap<>();
        private final Map<String, Integer> generations = new HashMap<>();
        private final Map<String, Expected> last = new HashMap<>();
        private final Map<String, Shown> heldStops = new HashMap<>();
        private final Map<String, List<String>> expected = new TreeMap<>();
        private int version;

        /** What the service knows of a job. */
        private record Shown(JobState state, int generation, boolean listed) {
        }

        private record Expected(JobState state, int generation, int attempt, boolean gone) {
            boolean differs(Shown seen) {
                return gone || state != seen.state() || generation != seen.generation();
            }
        }

        void play(List<Step> steps) {
            steps.forEach(this::play);
            poll(Kind.POLL);
            assertThat(published).isEqualTo(expected);
            restart();
            poll(Kind.POLL);
            assertThat(published).as("after a restart").isEqualTo(expected);
        }

        private void play(Step step) {
            String id = step.jobId();
            switch (step.kind()) {
                case CHANGE -> show(id, step.state(), generations.getOrDefault(id, 0));
                case REUSE -> show(id, step.state(), generations.merge(id, 1, Integer::sum));
                case FORGET -> {
                    service.forgets(id).token(Integer.toString(++version));
                    shown.remove(id);
                }
                case HIDE -> {
                    if (shown.containsKey(id) && shown.get(id).listed()) {
                        service.hides(id).token(Integer.toString(++version));
                        shown.computeIfPresent(id, (same, seen) -> new Shown(seen.state(), seen.generation(), false));
                    }
                }
                case RESTART -> restart();
                case CLOCK -> clock.advance(Duration.ofSeconds(step.number()));
                default -> poll(step.kind());
            }
        }

        private void show(String jobId, JobState state, int generation) {
            JobBuilder job = job(jobId, state).created(TIME.plusSeconds(10L * generation)).named("generation " + generation);
            service.shows(JobStates.isStopped(state) ? job.withoutDetails() : job).token(Integer.toString(++version));
            shown.put(jobId, new Shown(state, generation, true));
        }

        private void poll(Kind kind) {
            service.failsToList(kind == Kind.POLL_LIST_FAILS ? new SourceException("no listing") : null);
            IDS.forEach(id -> service.failsLookup(id, kind == Kind.POLL_LOOKUPS_FAIL).failsDetails(id, kind == Kind.POLL_DETAILS_FAIL));
            try {
                Optional<Observations> seen = round.observe(memory);
                IDS.forEach(id -> expect(id, kind));
                if (kind != Kind.POLL_COMMIT_FAILS) {
                    seen.ifPresent(this::commit);
                }
            } catch (SourceException e) {
                assertThat(kind).isEqualTo(Kind.POLL_LIST_FAILS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private void commit(Observations seen) {
            Changes changes = detector.detect(memory, seen);
            changes.events().forEach(event -> {
                published.computeIfAbsent(event.getJobId(), id -> new ArrayList<>())
                        .add(text(event.getState(), event.getAttempt(), event.getGone()));
                Instant before = lastObserved.put(event.getJobId(), event.getObservedAt());
                assertThat(before == null || event.getObservedAt().isAfter(before)).as("observedAt rises").isTrue();
            });
            if (!changes.isEmpty() || !memory.polledBefore()) {
                changes.memory().forEach((jobId, known) -> topic.put(jobId, known.map(k -> k.toCursor("encoder", jobId)).orElse(null)));
                topic.put("", SourceMemory.toCursor("encoder", seen.startedAt(), seen.token(), changes.badItems()));
            }
            memory.succeeded(seen.startedAt(), seen.token(), changes.badItems(), changes.memory());
        }

        private void restart() {
            memory = new SourceMemory();
            topic.forEach((key, cursor) -> memory.restore(key.isEmpty() ? null : key, cursor));
            round = newRound();
            heldStops.clear();
        }

        private PollRound newRound() {
            return new PollRound("encoder", service, detector, config.detailsTimeout(), clock);
        }

        private void expect(String id, Kind kind) {
            Shown seen = shown.get(id);
            Expected before = last.get(id);
            if (seen == null || !seen.listed()) {
                if (before == null || before.gone() || kind == Kind.POLL_LOOKUPS_FAIL) {
                    return;
                }
                if (seen == null) {
                    Shown held = heldStops.get(id);
                    if (held != null && before.differs(held)) {
                        expect(id, kind, held, false);
                    } else {
                        expect(id, kind, new Shown(before.state(), before.generation(), false), true);
                    }
                    return;
                }
            }
            heldStops.remove(id);
            if (before != null && !before.differs(seen)) {
                return;
            }
            if (JobStates.isStopped(seen.state()) && kind == Kind.POLL_DETAILS_FAIL) {
                heldStops.put(id, seen);
            } else {
                expect(id, kind, seen, false);
            }
        }

        private void expect(String id, Kind kind, Shown seen, boolean gone) {
            if (kind != Kind.POLL_COMMIT_FAILS) {
                Expected before = last.get(id);
                int attempt = before == null ? 1 : before.attempt() + (seen.generation() > before.generation() ? 1 : 0);
                last.put(id, new Expected(seen.state(), seen.generation(), attempt, gone));
                expected.computeIfAbsent(id, same -> new ArrayList<>()).add(text(seen.state(), attempt, gone));
            }
        }

        private static String text(JobState state, int attempt, boolean gone) {
            return state + " " + attempt + (gone ? " gone" : "");
        }
    }
}
