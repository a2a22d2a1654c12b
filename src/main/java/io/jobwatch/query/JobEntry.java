package io.jobwatch.query;

import io.jobwatch.event.JobState;
import java.util.Collection;
import java.util.List;

/** What the index knows of a job: enough to find it, not to show it. */
final class JobEntry extends GroupedIndex.Entry<JobEntry.Group> {
    /** For a job that is not in the index of names. */
    static final int NO_ORDINAL = -1;

    private final Group group;
    private final String name;
    private final int ordinal;

    /** What jobs are listed and counted by. */
    record Group(String source, String account, JobState state) {
    }

    /**
     * @param name    null where the job has none
     * @param ordinal its number in the index of names
     */
    JobEntry(long changedAtMillis, String key, Group group, String name, int ordinal) {
        super(changedAtMillis, key);
        this.group = group;
        this.name = name;
        this.ordinal = ordinal;
    }

    @Override
    Collection<Group> groups() {
        return List.of(group);
    }

    Group group() {
        return group;
    }

    String name() {
        return name;
    }

    int ordinal() {
        return ordinal;
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
