package io.jobwatch.bench;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.Task;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * The jobs of the benchmark and what the poller would say of them: each is looked at five times, queued, scheduled, processing, processing
 * with news, and ended; one in twenty ends in an error. A function of its arguments: the same job and look are the same event again.
 *
 * @param startMillis observedAt of the first look
 */
record Workload(long startMillis) {
    /** Looks at a job. */
    static final int LOOKS = 5;
    private static final int SOURCES = 10;
    private static final int ERROR_EVERY = 20;
    private static final long LOOK_MILLIS = 60_000;
    /** All looks are in the past, none so long ago that a job is stuck or a record too old for its topic. */
    private static final long AGO_MILLIS = 20 * 60_000;

    /** {@return the workload of a run that begins now} */
    static Workload recent() {
        return new Workload(System.currentTimeMillis() - AGO_MILLIS);
    }

    /** {@return what the poller says of a job at a look from 0 to 4} */
    JobStateEvent event(int job, int look) {
        JobState state = state(job, look);
        long observedAt = startMillis + look * LOOK_MILLIS + job % LOOK_MILLIS;
        JobStateEvent event = known(job, state, observedAt);
        if (look > 0) {
            event.setNotBefore(Instant.ofEpochMilli(observedAt - 2_500));
        }
        if (look >= 2) {
            event.setStartedAt(Instant.ofEpochMilli(startMillis + 2 * LOOK_MILLIS - 700));
            event.setProgress(look == 2 ? 0 : look == 3 ? 50 : 100);
        }
        if (look == LOOKS - 1) {
            event.setEndedAt(Instant.ofEpochMilli(observedAt - 900));
            event.setDetailsAvailable(true);
        }
        if (state == JobState.ERROR) {
            event.setProgress(70);
            event.setTasks(List.of(failedTask(job, event)));
        }
        return event;
    }

    /** {@return news of a job that is processing since its third look, by a step counted from 1: its state stays as it is} */
    JobStateEvent news(int job, int step) {
        JobStateEvent event = event(job, 2);
        event.setObservedAt(event.getObservedAt().plusMillis(step));
        event.setProgress(step % 10 * 10);
        return event;
    }

    /** {@return how many transitions there are into each state, all looks at this many jobs told} */
    static Map<JobState, Long> transitions(int jobs) {
        Map<JobState, Long> expected = new EnumMap<>(JobState.class);
        expected.put(JobState.QUEUED, (long) jobs);
        expected.put(JobState.SCHEDULED, (long) jobs);
        expected.put(JobState.PROCESSING, (long) jobs);
        expected.put(JobState.ERROR, errors(jobs));
        expected.put(JobState.FINISHED, jobs - errors(jobs));
        return expected;
    }

    /** {@return how many of this many jobs end in an error} */
    static long errors(int jobs) {
        return (jobs + ERROR_EVERY - 1) / ERROR_EVERY;
    }

    /** {@return the number of the job of this name} */
    static int number(String jobName) {
        return Integer.parseInt(jobName.substring(jobName.lastIndexOf(' ') + 1));
    }

    private static JobState state(int job, int look) {
        return switch (look) {
            case 0 -> JobState.QUEUED;
            case 1 -> JobState.SCHEDULED;
            case 2, 3 -> JobState.PROCESSING;
            default -> job % ERROR_EVERY == 0 ? JobState.ERROR : JobState.FINISHED;
        };
    }

    private JobStateEvent known(int job, JobState state, long observedAtMillis) {
        JobStateEvent event = new JobStateEvent();
        event.setSource("encoder-" + job % SOURCES);
        event.setSourceType("ams-v2");
        event.setAccount("contoso");
        event.setLocation("westeurope");
        event.setJobId("nb:jid:UUID:" + uuid(job));
        event.setJobName("Encoding BigBuckBunny " + job);
        event.setAttempt(1);
        event.setState(state);
        event.setNativeState(nativeState(state));
        event.setCreatedAt(Instant.ofEpochMilli(startMillis - 1_500));
        event.setObservedAt(Instant.ofEpochMilli(observedAtMillis));
        event.setTasks(List.of());
        event.setAttributes(Map.of());
        return event;
    }

    private static Task failedTask(int job, JobStateEvent event) {
        Task task = new Task();
        task.setTaskId("nb:tid:UUID:" + uuid(~job));
        task.setName("Encode");
        task.setState(JobState.ERROR);
        task.setNativeState(nativeState(JobState.ERROR));
        task.setStartedAt(event.getStartedAt());
        task.setEndedAt(event.getEndedAt());
        task.setErrors(List.of(new ErrorDetail("ErrorProcessingTask", "The encoder could not read the input: the file is malformed.")));
        return task;
    }

    private static String nativeState(JobState state) {
        return state.name().charAt(0) + state.name().substring(1).toLowerCase(Locale.ROOT);
    }

    /** Spread like the ids of a service, so that a store is not filled in the order of its keys. */
    private static UUID uuid(int number) {
        long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        return new UUID(mixed, mixed * 0xD6E8FEB86659FD93L);
    }
}
