package io.jobwatch.job;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.Task;
import io.jobwatch.event.TransitionKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What pollers may publish of many jobs, made from a seed, and what has to come of it. The jobs live side by side, so any moment falls into
 * many lives: skipped states, repeated records, stale reads, unmapped states, several attempts, stops. What has to come of it is said by
 * {@link ReferenceMachine}, not by the code under test.
 */
public final class JobLoad {
    private static final int EVENTS_PER_JOB = 12;
    private static final List<JobState> FORWARD = List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING, JobState.CANCELING);
    private static final List<JobState> ENDS = List.of(JobState.FINISHED, JobState.ERROR, JobState.CANCELED);

    private final Random random;
    private final List<JobStateEvent> events = new ArrayList<>();
    private final Map<String, List<Change>> changes = new TreeMap<>();

    /**
     * A change of state that has to be told.
     *
     * @param observedAt of the event that shows it
     */
    public record Change(long sequence, TransitionKind kind, int attempt, JobState from, JobState to, List<JobState> skipped,
                         Instant observedAt) {

        /** {@return whether a report is due} */
        public boolean isStop() {
            return to == JobState.ERROR || to == JobState.CANCELED;
        }
    }

    private JobLoad(long seed) {
        random = new Random(seed);
    }

    /**
     * {@return a load of that many events}
     *
     * @param start observedAt of the first; one comes each millisecond
     */
    public static JobLoad of(long seed, int events, Instant start) {
        JobLoad load = new JobLoad(seed);
        List<Life> lives = new ArrayList<>();
        for (int i = 0; i < events / EVENTS_PER_JOB; i++) {
            lives.add(new Life("job-" + i));
        }
        for (int i = 0; i < events; i++) {
            load.look(lives.get(load.random.nextInt(lives.size())), start.plusMillis(i));
        }
        return load;
    }

    /** {@return the events in the order in which they are published} */
    public List<JobStateEvent> events() {
        return events;
    }

    /** {@return what has to be told of each job, by job id, in order} */
    public Map<String, List<Change>> changes() {
        return changes;
    }

    /** {@return what an event of this end tells of the tasks, in the order of a report: those with errors first} */
    public static List<Task> tasks(JobState end) {
        return end == JobState.ERROR
                ? List.of(JobEvents.task("transcode", "ErrorProcessingTask"), JobEvents.task("publish"))
                : List.of(JobEvents.task("transcode"));
    }

    private void look(Life life, Instant now) {
        JobStateEvent event = life.published.isEmpty() || random.nextInt(100) >= 8
                ? life.next(random, now)
                : life.published.get(random.nextInt(life.published.size()));   // a record of before comes again
        life.published.add(event);
        events.add(event);
        life.reference.look(event);
        List<ReferenceMachine.Step> steps = life.reference.steps();
        List<Change> told = changes.computeIfAbsent(life.jobId, id -> new ArrayList<>());
        if (steps.size() > told.size()) {
            ReferenceMachine.Step step = steps.get(steps.size() - 1);
            told.add(new Change(steps.size(), step.kind(), step.seen().getAttempt(), step.from(), step.to(), step.skipped(),
                    event.getObservedAt()));
        }
    }

    /** One job, as its service has it; what a look shows need not be that. */
    private static final class Life {
        private final String jobId;
        private final ReferenceMachine reference = new ReferenceMachine(Duration.ofDays(7));
        private final List<JobStateEvent> published = new ArrayList<>();
        private JobState state;
        private int attempt = 1;
        private int progress;

        private Life(String jobId) {
            this.jobId = jobId;
        }

        private JobStateEvent next(Random random, Instant now) {
            if (state == null) {
                state = random.nextInt(10) == 0 ? any(random, ENDS) : FORWARD.get(random.nextInt(2));
                return seen(state, attempt, now);
            }
            return switch (random.nextInt(20)) {
                case 0 -> seen(JobState.UNKNOWN, attempt, now);
                case 1, 2 -> seen(any(random, FORWARD), attempt, now);                             // a stale read, or a skip that is none
                case 3 -> seen(any(random, ENDS), Math.max(1, attempt - 1), now);                  // of the attempt before
                case 4, 5, 6 -> seen(state, attempt, now);                                         // only the progress is new
                default -> {
                    advance(random);
                    yield seen(state, attempt, now);
                }
            };
        }

        private void advance(Random random) {
            int place = FORWARD.indexOf(state);
            if (place < 0) {
                attempt++;
                state = FORWARD.get(random.nextInt(3));
            } else {
                int to = place + 1 + random.nextInt(3);
                state = to < FORWARD.size() ? FORWARD.get(to) : any(random, ENDS);
            }
        }

        private JobStateEvent seen(JobState shown, int ofAttempt, Instant now) {
            JobStateEvent event = JobEvents.event(jobId, shown, now.toEpochMilli());
            event.setAttempt(ofAttempt);
            event.setProgress(progress++ % 101);
            event.setNotBefore(now.minus(Duration.ofSeconds(1)));
            event.setDetailsAvailable(true);
            if (JobStates.isTerminal(shown)) {
                event.setEndedAt(now.minusMillis(500));
                event.setTasks(tasks(shown));
            }
            return event;
        }

        private static JobState any(Random random, List<JobState> states) {
            return states.get(random.nextInt(states.size()));
        }
    }
}
