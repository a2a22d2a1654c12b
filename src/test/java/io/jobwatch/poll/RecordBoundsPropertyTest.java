package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.Task;
import io.jobwatch.job.ErrorReports;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.ObservedJob;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a service says, and however often: no record about a job is larger than {@link Bounds#JOB_BYTES}. */
class RecordBoundsPropertyTest {
    /** Three bytes a character, which is the most there is: four take two characters. */
    private static final String WIDE = "\uffff";
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final SourceConfig source = new SourceConfig("s".repeat(100), "mediaconvert", URI.create("http://127.0.0.1:1"),
            WIDE.repeat(256), Optional.of(WIDE.repeat(256)), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1),
            new StartFrom.All(), new AuthConfig.None());
    private final ChangeDetector detector = new ChangeDetector(source);
    private final StateMachine machine = new StateMachine(Duration.ofDays(7));

    /** How much a service tells. */
    enum Size {
        NOTHING(0, 0, 0, 0), LITTLE(1, 1, 1, 1), AT_THE_LIMITS(100, 20, 32, 86), ABOVE_ALL_LIMITS(101, 21, 33, 257),
        MANY_TASKS(1_000, 0, 0, 257), MANY_ERRORS(2, 1_000, 31, 255), MANY_ATTRIBUTES(0, 0, 1_000, 256), LONG_MESSAGES(101, 1, 0, 8_193),
        LONG_NAMES(99, 1, 33, 1_025), LONG_TEXTS(3, 21, 40, 9_000), ONE_TEXT(0, 0, 1, 500_000);

        private final int tasks;
        private final int errors;
        private final int attributes;
        private final int length;

        Size(int tasks, int errors, int attributes, int length) {
            this.tasks = tasks;
            this.errors = errors;
            this.attributes = attributes;
            this.length = length;
        }
    }

    /** What a service says of a job. */
    record Told(JobState state, int attempt, Size size, String character, boolean gone) {

        ObservedJob job() {
            String text = character.repeat(size.length);
            List<ErrorDetail> details = new ArrayList<>();
            for (int i = 0; i < size.errors; i++) {
                details.add(new ErrorDetail(text, text));
            }
            List<Task> all = new ArrayList<>();
            for (int i = 0; i < size.tasks; i++) {
                all.add(new Task(i + text, text, state, text, Integer.MAX_VALUE, latest(), latest(), details));
            }
            Map<String, String> more = new HashMap<>();
            for (int i = 0; i < size.attributes; i++) {
                more.put(i + text, text);
            }
            return observed(attempt, state, text, all, more);
        }
    }

    @Provide
    Arbitrary<List<Told>> lives() {
        return Combinators.combine(Arbitraries.of(JobState.class), Arbitraries.integers().between(1, 60), Arbitraries.of(Size.class),
                Arbitraries.of("a", "é", WIDE, "😀", "\ud83d", "\u0000"), Arbitraries.of(false, false, false, true))
                .as(Told::new).list().ofMinSize(1).ofMaxSize(6);
    }

    @Property(tries = 30)
    void shouldBoundEveryRecordOfAJobWhateverTheServiceSays(@ForAll("lives") List<Told> life) {
        List<ObservedJob> looks = new ArrayList<>();
        Set<Integer> gone = new HashSet<>();
        for (Told told : life) {
            if (told.gone()) {
                gone.add(looks.size());
            }
            looks.add(told.job());
        }
        run(looks, gone);
    }

    /** However many attempts: a history that is never full would pass unseen in a short life. */
    @Example
    void shouldBoundEveryRecordOfAJobThatRunsAgainForEver() {
        List<ObservedJob> looks = new ArrayList<>();
        for (int attempt = Integer.MAX_VALUE - 600; attempt < Integer.MAX_VALUE - 100; attempt++) {
            for (JobState state : List.of(JobState.QUEUED, JobState.ERROR)) {
                looks.add(observed(attempt, state, "x", List.of(), Map.of()));
            }
        }

        int afterALife = run(looks.subList(0, 40), Set.of()).largestStatus();

        assertThat(run(looks, Set.of()).largestStatus()).isLessThanOrEqualTo(afterALife + 16);
    }

    /** Each limit reached, no more: nothing is cut, and the stated bound is not far above what a service can really bring about. */
    @Example
    void shouldStateABoundThatTheLargestJobComesCloseTo() {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < Bounds.TASKS; i++) {
            List<ErrorDetail> errors = new ArrayList<>();
            for (int j = 0; j < Bounds.ERRORS_PER_TASK; j++) {
                errors.add(new ErrorDetail("", WIDE.repeat(86)));
            }
            tasks.add(new Task(String.format("%080d", i), null, JobState.ERROR, "", 100, latest(), latest(), errors));
        }
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < Bounds.ATTRIBUTES; i++) {
            attributes.put(String.format("%02d", i) + WIDE.repeat(Bounds.WORD_CHARS - 2), WIDE.repeat(Bounds.WORD_CHARS));
        }
        attributes.put("jobwatch.cut", WIDE.repeat(Bounds.WORD_CHARS));
        List<ObservedJob> looks = new ArrayList<>();
        for (int attempt = Integer.MAX_VALUE - 100; attempt < Integer.MAX_VALUE - 79; attempt++) {
            looks.add(new ObservedJob(WIDE.repeat(Bounds.JOB_ID_CHARS),
                    Optional.of(WIDE.repeat(Bounds.NAME_CHARS)), attempt, JobState.ERROR,
                    WIDE.repeat(Bounds.WORD_CHARS), Optional.of(WIDE.repeat(Bounds.WORD_CHARS)), Optional.of(100), Optional.of(latest()),
                    Optional.of(latest()), Optional.of(latest()), true, tasks, attributes));
        }

        Largest largest = run(looks, Set.of());

        assertThat(largest.kept().getTasks()).isEqualTo(tasks);
        assertThat(largest.kept().getAttributes()).isEqualTo(attributes);
        assertThat(largest.largestStatus()).isBetween(Bounds.JOB_BYTES * 97 / 100, Bounds.JOB_BYTES);
    }

    private record Largest(int largestStatus, JobStatus kept) {
    }

    /** Lets the poller see the job so, and the machine what the poller publishes; measures every record on the way. */
    private Largest run(List<ObservedJob> looks, Set<Integer> goneAfter) {
        SourceMemory memory = new SourceMemory();
        Instant now = START;
        JobStatus status = null;
        int largest = 0;
        for (int i = 0; i < looks.size(); i++) {
            ObservedJob job = looks.get(i);
            now = now.plusSeconds(1);
            List<Observations> polls = new ArrayList<>();
            polls.add(new Observations(now, now, Map.of(job.jobId(), job), Map.of(), Set.of(), Set.of(), Map.of(), List.of(),
                    Optional.empty()));
            if (goneAfter.contains(i)) {
                polls.add(new Observations(now, now, Map.of(), Map.of(), Set.of(), Set.of(job.jobId()), Map.of(), List.of(),
                        Optional.empty()));
            }
            for (Observations poll : polls) {
                Changes changes = detector.detect(memory, poll);
                memory.succeeded(now, Optional.empty(), Set.of(), changes.memory());
                changes.memory().forEach((id, known) -> known.ifPresent(k -> assertBounded(k.toCursor(source.name(), id))));
                for (JobStateEvent event : changes.events()) {
                    assertBounded(event);
                    Outcome outcome = machine.apply(status, event);
                    status = kept(outcome).orElse(status);
                    assertBounded(ErrorReports.of(status));
                    largest = Math.max(largest, assertBounded(status));
                    assertThat(status.getHistory()).hasSizeLessThanOrEqualTo(20);
                    if (outcome instanceof Outcome.Changed changed) {
                        assertBounded(changed.transition());
                    }
                }
            }
        }
        return new Largest(largest, status);
    }

    private static int assertBounded(EventRecord value) {
        int bytes = new AvroEncoder<>(1).encode(value).length;
        assertThat(bytes).as(value.getClass().getSimpleName()).isLessThanOrEqualTo(Bounds.JOB_BYTES);
        return bytes;
    }

    private static Optional<JobStatus> kept(Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            return Optional.of(changed.status());
        }
        return outcome instanceof Outcome.Refreshed refreshed ? Optional.of(refreshed.status()) : ((Outcome.Dropped) outcome).status();
    }

    private static ObservedJob observed(int attempt, JobState state, String text, List<Task> tasks, Map<String, String> attributes) {
        return new ObservedJob("7", Optional.of(text), attempt, state, text, Optional.of(text), Optional.of(Integer.MAX_VALUE),
                Optional.of(latest()), Optional.of(latest()), Optional.of(latest()), true, tasks, attributes);
    }

    /** The most bytes that a time can take. */
    private static Instant latest() {
        return Instant.ofEpochMilli(Long.MAX_VALUE);
    }
}
