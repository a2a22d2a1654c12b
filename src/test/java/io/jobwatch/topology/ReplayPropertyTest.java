package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobEvents;
import io.jobwatch.topic.TopicNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.assertj.core.api.ThrowingConsumer;

/** An explanation says of each record of a job what the running topology did with it. */
class ReplayPropertyTest {
    private static final TopicNames TOPICS = DrivenTopology.TOPICS;
    private static final byte[] KEY = DrivenTopology.key(JobEvents.event("7", JobState.QUEUED, 0));

    /** What is written to the topic next. */
    enum Kind {
        LOOK, AGAIN, NO_AVRO, NO_VALUE, OF_ANOTHER_JOB, TOO_LARGE
    }

    record Happening(Kind kind, int restarts, JobState state, String word, boolean gone, int ended) {
    }

    @Provide
    Arbitrary<List<Happening>> happenings() {
        return list(Arbitraries.frequency(Tuple.of(30, Kind.LOOK), Tuple.of(5, Kind.AGAIN), Tuple.of(1, Kind.NO_AVRO),
                Tuple.of(1, Kind.NO_VALUE), Tuple.of(1, Kind.OF_ANOTHER_JOB), Tuple.of(1, Kind.TOO_LARGE)));
    }

    /** As the poller writes them, and what others write between: no event comes twice. */
    @Provide
    Arbitrary<List<Happening>> looks() {
        return list(Arbitraries.frequency(Tuple.of(30, Kind.LOOK), Tuple.of(1, Kind.NO_AVRO), Tuple.of(1, Kind.TOO_LARGE)));
    }

    private static Arbitrary<List<Happening>> list(Arbitrary<Kind> kinds) {
        Arbitrary<Integer> restarts = Arbitraries.frequency(Tuple.of(16, 0), Tuple.of(1, 1), Tuple.of(1, 2), Tuple.of(2, -1));
        Arbitrary<Boolean> seldom = Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
        Arbitrary<Integer> ended = Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(3, 1), Tuple.of(1, 9));
        return Combinators.combine(kinds, restarts, Arbitraries.of(JobState.class), Arbitraries.of("a", "b"), seldom, ended)
                .as(Happening::new).list().ofMaxSize(40);
    }

    @Property(tries = 80)
    void shouldTellOfEachRecordWhatTheTopologyDid(@ForAll("happenings") List<Happening> happenings) throws IOException {
        Replays replays = records(happenings);
        List<Done> done = process(replays.records());

        List<ExplainedObservation> explained = replays.explained();

        assertThat(explained).hasSameSizeAs(done);
        for (int i = 0; i < done.size(); i++) {
            assertThat(explained.get(i).decision()).satisfies(matches(done.get(i), true));
            assertThat(explained.get(i).certain()).isTrue();
        }
    }

    /** Wherever the topic's retention has got to, and whichever status the view has reached. */
    @Property(tries = 80)
    void shouldBeCertainSinceTheLastTransitionAndOfNothingThatTheTopologyDidNotDo(
            @ForAll("looks") List<Happening> happenings, @ForAll("cuts") int removed, @ForAll("cuts") int unseen) throws IOException {
        Replays whole = records(happenings);
        List<Done> done = process(whole.records());
        int from = Math.min(removed, done.size());
        List<Done> known = done.subList(0, Math.max(from, done.size() - unseen));
        Optional<JobStatus> status = lastStatus(known);
        int lastTransition = IntStream.range(0, known.size()).filter(i -> known.get(i).transition().isPresent()).max()
                .orElse(Integer.MAX_VALUE);
        Replays rest = new Replays().from(1_000);
        whole.records().subList(from, done.size()).forEach(record -> rest.add(record.key(), record.value(), record.timestamp()));

        List<ExplainedObservation> explained = rest.replay(status).explained();

        for (int i = 0; i < explained.size(); i++) {
            if (from + i >= lastTransition) {
                assertThat(explained.get(i).certain()).isTrue();
            }
            if (explained.get(i).certain()) {
                assertThat(explained.get(i).decision()).satisfies(matches(done.get(from + i), false));
            } else if (explained.get(i).decision() instanceof Decision.Changed changed) {
                assertThat(changed.sequence()).isEmpty();
            }
        }
    }

    @Provide
    Arbitrary<Integer> cuts() {
        return Arbitraries.integers().between(0, 30);
    }

    /** What the topology did with one record. */
    private record Done(Optional<JobTransition> transition, Optional<JobStatus> status, boolean deadLetter) {
    }

    /** @param kept whether it can be known what was kept of a record that was dropped */
    private static ThrowingConsumer<Decision> matches(Done done, boolean kept) {
        return decision -> {
            if (done.transition().isPresent()) {
                JobTransition told = done.transition().get();
                assertThat(decision).isEqualTo(new Decision.Changed(told.getKind(), Optional.ofNullable(told.getPreviousState()),
                        told.getCurrentState(), told.getSkippedStates(), OptionalLong.of(told.getSequence()), told.getOccurredAt()));
            } else if (done.deadLetter()) {
                assertThat(decision).isInstanceOf(Decision.DeadLetter.class);
            } else if (decision instanceof Decision.Dropped dropped) {
                assertThat(!kept || dropped.kept() == done.status().isPresent()).isTrue();
            } else {
                assertThat(decision).isInstanceOf(Decision.Refreshed.class);
                assertThat(done.status()).isPresent();
            }
        };
    }

    private static List<Done> process(List<ConsumerRecord<byte[], byte[]>> records) throws IOException {
        Path folder = Files.createTempDirectory("replay");
        try (DrivenTopology topology = new DrivenTopology(StateStore.MEMORY, folder)) {
            List<Done> done = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                topology.pipe(record.key(), record.value());
                done.add(new Done(topology.transitions().stream().findFirst(), topology.statuses().stream().findFirst(),
                        !topology.output(TOPICS.deadLetters()).isEmpty()));
            }
            return done;
        } finally {
            Utils.delete(folder.toFile());
        }
    }

    private static Optional<JobStatus> lastStatus(List<Done> done) {
        return done.stream().flatMap(each -> each.status().stream()).reduce((before, after) -> after);
    }

    private static Replays records(List<Happening> happenings) {
        Replays replays = new Replays();
        List<JobStateEvent> looks = new ArrayList<>();
        int attempt = 3;
        long now = Duration.ofDays(8).toMillis();
        for (Happening happening : happenings) {
            now += 1_000;
            attempt = Math.max(1, attempt + happening.restarts());
            JobStateEvent event = JobEvents.event("7", happening.state(), now);
            event.setAttempt(attempt);
            event.setNativeState(happening.word());
            event.setGone(happening.gone());
            if (happening.ended() > 0) {
                event.setEndedAt(Instant.ofEpochMilli(now).minus(Duration.ofDays(happening.ended() - 1)));
            }
            switch (happening.kind()) {
                case LOOK -> {
                    looks.add(event);
                    replays.add(event);
                }
                case AGAIN -> replays.add(looks.isEmpty() ? event : looks.get(Math.max(0, looks.size() - 2)));
                case NO_AVRO -> replays.add(KEY, "no Avro".getBytes(StandardCharsets.UTF_8), now);
                case NO_VALUE -> replays.add(KEY, null, now);
                case OF_ANOTHER_JOB -> replays.add(KEY, replays.encoded(JobEvents.event("8", JobState.QUEUED, now)), now);
                case TOO_LARGE -> {
                    event.setNativeReason("x".repeat(999_900));
                    replays.add(event);
                }
                default -> throw new IllegalStateException();
            }
        }
        return replays;
    }
}
