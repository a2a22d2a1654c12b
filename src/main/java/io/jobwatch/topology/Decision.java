package io.jobwatch.topology;

import io.jobwatch.event.JobState;
import io.jobwatch.event.TransitionKind;
import io.jobwatch.job.DropReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What became of one record of a job. */
public sealed interface Decision {

    /**
     * It raised a transition.
     *
     * @param previousState empty at discovery
     * @param sequence      of the transition; empty where it cannot be told, because older observations are missing
     * @param occurredAt    when the change happened, as the transition has it
     */
    record Changed(TransitionKind kind, Optional<JobState> previousState, JobState currentState, List<JobState> skippedStates,
                   OptionalLong sequence, Instant occurredAt) implements Decision {
        public Changed {
            skippedStates = List.copyOf(skippedStates);
        }
    }

    /** The state is as it was; other facts are newer. */
    record Refreshed() implements Decision {
    }

    /**
     * It raised nothing.
     *
     * @param kept whether something of it was kept in the status all the same: the native state, or whether the job is gone; as far as can
     *             be told, where older observations are missing
     */
    record Dropped(DropReason reason, boolean kept) implements Decision {
    }

    /** It could not be processed. */
    record DeadLetter(BadRecordException.Reason reason) implements Decision {
    }

    /** Nobody can tell: what was known of the job before is no longer in the topic. */
    record Unknown() implements Decision {
    }
}
