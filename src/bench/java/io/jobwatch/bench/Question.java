package io.jobwatch.bench;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import java.util.List;
import java.util.SplittableRandom;

/** What is asked of an instance. */
enum Question {
    BY_KEY("a job by its key"),
    LIST("the newest 50 in a state"),
    SUMMARY("the summary"),
    NAME("50 by a part of the name"),
    /** What people and scripts do side by side: 85 % by key, 10 % lists, 3 % summaries, 2 % searches. */
    MIX("a mix of all");

    private static final List<JobState> LISTED = List.of(JobState.FINISHED, JobState.ERROR, JobState.PROCESSING, JobState.QUEUED);
    private static final Workload WORKLOAD = Workload.recent();

    private final String title;

    Question(String title) {
        this.title = title;
    }

    /** {@return its name in tables} */
    String title() {
        return title;
    }

    /** {@return whether a fixed answer can stand for all of its answers} */
    boolean hasBareAnswer() {
        return this == BY_KEY || this == LIST || this == SUMMARY;
    }

    /**
     * {@return the path to ask for, with the query}
     *
     * @param jobs so many are known
     */
    String path(SplittableRandom random, int jobs) {
        return switch (this) {
            case BY_KEY -> byKey(random.nextInt(jobs));
            case LIST -> "/api/v1/jobs?limit=50&state=" + LISTED.get(random.nextInt(LISTED.size()));
            case SUMMARY -> "/api/v1/summary";
            case NAME -> "/api/v1/jobs?limit=50&name=bunny+" + random.nextInt(jobs);
            case MIX -> {
                int percent = random.nextInt(100);
                yield (percent < 85 ? BY_KEY : percent < 95 ? LIST : percent < 98 ? SUMMARY : NAME).path(random, jobs);
            }
        };
    }

    private static String byKey(int job) {
        JobStateEvent event = WORKLOAD.event(job, 0);
        return "/api/v1/jobs/" + event.getSource() + "/" + event.getJobId();
    }
}
