package io.jobwatch.source;

/**
 * How much of what a service says is kept. A record that goes to Kafka must stay below the broker's limit (1 MiB by default), whatever a
 * service sends; what is cut is marked as cut. {@code schemas/README.md} tells readers of the topics.
 */
public final class Bounds {

    /** A whole body, in bytes; a longer one is not read to its end. */
    public static final int BODY_BYTES = 32 * 1024 * 1024;
    /** A listing; Media Services allowed 50,000 jobs an account. */
    public static final int JOBS = 200_000;
    /** A job's id; it is never cut, since a part of it would be another id. */
    public static final int JOB_ID_CHARS = 512;
    /** The name of a job or task. */
    public static final int NAME_CHARS = 1024;
    /** The message of one error. */
    public static final int MESSAGE_CHARS = 8192;
    /** An error's code, a native state, a reason, the id of a task. */
    public static final int WORD_CHARS = 256;
    /** The tasks of a job. */
    public static final int TASKS = 100;
    /** The errors of a task. */
    public static final int ERRORS_PER_TASK = 20;
    /** The attributes of a job, the mark of what was cut not counted. */
    public static final int ATTRIBUTES = 32;
    /** Why a poll failed. */
    public static final int FAILURE_CHARS = 2048;
    /** All tasks of a job together, in bytes of UTF-8: half of what Kafka takes, for one record holds them beside the rest of the job. */
    public static final int DETAIL_BYTES = 512 * 1024;

    /**
     * The value of any record about one job (event, status, transition, report, what the poller remembers), in bytes: what follows from all
     * the limits above, with three bytes for each character.
     */
    public static final int JOB_BYTES = 600_000;

    private Bounds() {
    }

    /**
     * Cuts a text that is too long.
     *
     * @param max the length of the result at most, in {@code char}s; at least 64, so that there is room for the mark
     * @return the text itself if it is short enough, else its beginning and how long it was; never half a surrogate pair
     */
    public static String text(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        String mark = "… (cut, " + text.length() + " characters in all)";
        int end = max - mark.length();
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + mark;
    }
}
