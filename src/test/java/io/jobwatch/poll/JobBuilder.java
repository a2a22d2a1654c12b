package io.jobwatch.poll;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.source.ObservedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes observed jobs of which a test names only what it is about. */
final class JobBuilder {
    private final String id;
    private final JobState state;
    private Optional<String> name = Optional.empty();
    private Optional<String> reason = Optional.empty();
    private String nativeState;
    private int attempt = 1;
    private Optional<Integer> progress = Optional.empty();
    private Optional<Instant> createdAt = Optional.empty();
    private Optional<Instant> endedAt = Optional.empty();
    private boolean details = true;
    private final List<Task> tasks = new ArrayList<>();
    private final Map<String, String> attributes = Map.of();

    private JobBuilder(String id, JobState state) {
        this.id = id;
        this.state = state;
        this.nativeState = state.name();
    }

    static JobBuilder job(String id, JobState state) {
        return new JobBuilder(id, state);
    }

    JobBuilder named(String other) {
        name = Optional.ofNullable(other);
        return this;
    }

    JobBuilder attempt(int other) {
        attempt = other;
        return this;
    }

    JobBuilder nativeState(String other) {
        nativeState = other;
        return this;
    }

    JobBuilder reason(String other) {
        reason = Optional.ofNullable(other);
        return this;
    }

    JobBuilder progress(Integer other) {
        progress = Optional.ofNullable(other);
        return this;
    }

    JobBuilder created(Instant at) {
        createdAt = Optional.ofNullable(at);
        return this;
    }

    JobBuilder ended(Instant at) {
        endedAt = Optional.ofNullable(at);
        return this;
    }

    /** The listing does not hold the tasks. */
    JobBuilder withoutDetails() {
        details = false;
        return this;
    }

    JobBuilder task(String taskId, JobState taskState, ErrorDetail... errors) {
        tasks.add(task(taskId, taskState, List.of(errors)));
        return this;
    }

    static Task task(String taskId, JobState taskState, List<ErrorDetail> errors) {
        return new Task(taskId, null, taskState, taskState.name(), null, null, null, errors);
    }

    ObservedJob build() {
        return new ObservedJob(id, name, attempt, state, nativeState, reason, progress, createdAt, Optional.empty(), endedAt, details,
                tasks, attributes);
    }
}
