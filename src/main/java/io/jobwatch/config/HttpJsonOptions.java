package io.jobwatch.config;

import com.fasterxml.jackson.core.JsonPointer;
import io.jobwatch.event.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How to read jobs from an API of JSON over HTTP that has no source of its own: what to ask, and what is where in the answers.
 *
 * @param reading  what a listing is
 * @param list     all jobs; as long as there is no token, and at every listing of a snapshot
 * @param active   the jobs that live, for an active set; asked in this order, so that it has to be the order of a job's life
 * @param later    what was created (active set) or changed (feed) since a time; {@code list} where it can say that itself
 * @param overlap  how far before the last listing's watermark a later one begins
 * @param lookBack how far back the first listing goes, where {@code list} has {@code {since}}
 * @param job      one job
 * @param gone     statuses of a look-up that say that there is no such job, 404 among them
 * @param tasks    the tasks of a job that stopped, where they have to be asked for
 * @param fields   what is where in an item
 * @param states   what the native states mean
 * @param dates    how dates are written
 */
public record HttpJsonOptions(
        Reading reading,
        ListRequest list,
        List<ListRequest> active,
        Optional<ListRequest> later,
        Duration overlap,
        Duration lookBack,
        ItemRequest job,
        Set<Integer> gone,
        Optional<TaskRequest> tasks,
        JobFields fields,
        StateTable states,
        DateForm dates) implements SourceOptions {

    public static final Duration DEFAULT_OVERLAP = Duration.ofMinutes(2);
    public static final Duration DEFAULT_LOOK_BACK = Duration.ofDays(7);

    public HttpJsonOptions {
        active = List.copyOf(active);
        gone = Set.copyOf(gone);
    }

    /**
     * A list.
     *
     * @param path   what to ask for
     * @param items  where in the answer the items are
     * @param paging how it goes on
     */
    public record ListRequest(PathTemplate path, JsonPointer items, Paging paging) {
    }

    /**
     * One item.
     *
     * @param path what to ask for, with {@code {id}}
     * @param item where in the answer the item is
     */
    public record ItemRequest(PathTemplate path, JsonPointer item) {
    }

    /**
     * The tasks of a job.
     *
     * @param list   what to ask for, with {@code {id}}, and perhaps {@code {attempt}}
     * @param fields what is where in a task
     */
    public record TaskRequest(ListRequest list, TaskFields fields) {
    }

    /**
     * What is where in a job.
     *
     * @param changed    when the job changed last, for a feed
     * @param attributes further values, under the names that they get
     * @param error      why it failed, where there are no tasks
     */
    public record JobFields(
            Pointers id,
            Pointers name,
            Pointers state,
            Pointers attempt,
            Pointers created,
            Pointers started,
            Pointers ended,
            Pointers changed,
            Pointers progress,
            Pointers reason,
            Map<String, Pointers> attributes,
            ErrorFields error) {
        public JobFields {
            attributes = Map.copyOf(attributes);
        }
    }

    /** What is where in a task. */
    public record TaskFields(
            Pointers id,
            Pointers name,
            Pointers state,
            Pointers started,
            Pointers ended,
            Pointers progress,
            ErrorFields error) {
    }

    /**
     * Where the errors are.
     *
     * @param items   the list of errors; empty where what failed has one error, told in the item itself
     * @param code    in an error
     * @param message in an error
     */
    public record ErrorFields(Optional<JsonPointer> items, Pointers code, Pointers message) {
        public static final ErrorFields NONE = new ErrorFields(Optional.empty(), Pointers.NONE, Pointers.NONE);
    }

    /**
     * What native states mean.
     *
     * @param states   by the service's own word
     * @param fallback for any other word
     */
    public record StateTable(Map<String, JobState> states, JobState fallback) {
        public StateTable {
            states = Map.copyOf(states);
        }

        public JobState of(String nativeState) {
            return states.getOrDefault(nativeState, fallback);
        }

        /** {@return every state that a job can have, in the order of their codes} */
        public SortedSet<JobState> given() {
            SortedSet<JobState> given = new TreeSet<>(states.values());
            given.add(fallback);
            given.remove(JobState.UNKNOWN);
            return given;
        }
    }
}
