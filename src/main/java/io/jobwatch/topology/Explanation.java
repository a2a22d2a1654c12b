package io.jobwatch.topology;

import io.jobwatch.topic.JobKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The observations of one job that are still in the topic, in their order, each with what was decided of it and why.
 *
 * @param topic        where they are
 * @param partition    the job's
 * @param firstOffset  of the oldest record that the partition still has
 * @param readTo       the offset up to which it was read
 * @param endOffset    the offset after the last committed record when reading began
 * @param observations the latest of them, oldest first
 * @param leftOut      how many older ones were taken into account and are not listed, to keep the list short
 * @param complete     whether the first of them is the one that the job was discovered by. Where not, decisions are certain from the point
 *                     on where the job's present status tells what was known.
 */
public record Explanation(JobKey job, String topic, int partition, long firstOffset, long readTo, long endOffset,
                          List<ExplainedObservation> observations, long leftOut, boolean complete) {

    public Explanation {
        observations = List.copyOf(observations);
    }

    /** {@return whether all that was committed when reading began was read; otherwise the time for it was over} */
    public boolean atEnd() {
        return readTo >= endOffset;
    }

    /** {@return what a reader of the list has to know about what is not in it, a sentence each; empty for most} */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (observations.isEmpty()) {
            notes.add("No observation of this job is in the topic, which begins at offset " + firstOffset + ".");
        } else if (!complete) {
            notes.add("The observation that discovered the job is not in the topic, which begins at offset " + firstOffset
                    + ": what was known before the oldest one that is there is not known now, and what was decided by it is uncertain.");
        }
        if (leftOut > 0) {
            notes.add(leftOut + " older observations were taken into account and are not listed.");
        }
        if (!atEnd()) {
            notes.add("There was no time to read it all: offsets " + readTo + " to " + endOffset + " are missing.");
        }
        return notes;
    }
}
