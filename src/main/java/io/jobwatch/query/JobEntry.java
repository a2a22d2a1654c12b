package io.jobwatch.query;

import io.jobwatch.event.JobState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What the index knows of a job: enough to find it, not to show it. {@code name} is null where the job has none. */
record JobEntry(Position position, String source, String account, String name, JobState state) {

    String key() {
        return position.key();
    }

    byte[] keyBytes() {
        return key().getBytes(StandardCharsets.UTF_8);
    }

    Instant changedAt() {
        return position.changedAt();
    }

    /** {@return whether the job's name holds the text, in any case} */
    boolean nameContains(String text) {
        if (name == null) {
            return false;
        }
        int last = name.length() - text.length();
        for (int at = 0; at <= last; at++) {
            if (name.regionMatches(true, at, text, 0, text.length())) {
                return true;
            }
        }
        return false;
    }
}
