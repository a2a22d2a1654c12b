package io.jobwatch.topic;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The key of everything that concerns a job: {@code <source>/<jobId>}. Source names hold no slash, so the first one splits.
 *
 * @param source the configured name of the source
 * @param jobId  the service's id, any text but the empty one
 */
public record JobKey(String source, String jobId) {

    /** {@return the parsed key, or empty where the text has no slash or an empty half} */
    public static Optional<JobKey> parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            return Optional.empty();
        }
        return Optional.of(new JobKey(text.substring(0, slash), text.substring(slash + 1)));
    }

    /** {@return the key as it stands in records} */
    public byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return source + "/" + jobId;
    }
}
