package io.jobwatch.log;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What the lines are about that are logged while something is done, ours and the libraries': JSON lines have it as the fields
 * {@value #SOURCE} and {@value #JOB} (ops/logging.md). It is the thread's, so what other threads log meanwhile does not have it.
 */
public final class LogContext {
    /** The configured name of a source. */
    public static final String SOURCE = "jobwatch.source";
    /** The key of a job: {@code <source>/<jobId>}. */
    public static final String JOB = "jobwatch.job";

    private final Map<String, String> fields;

    private LogContext(Map<String, String> fields) {
        this.fields = fields;
    }

    /**
     * Something to do.
     *
     * @param <T> what comes of it
     * @param <E> how it may fail
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T get() throws E;
    }

    /** {@return the context of what is done for a source} */
    public static LogContext ofSource(String source) {
        return new LogContext(Map.of(SOURCE, source));
    }

    /** {@return the context of what is done for a job} */
    public static LogContext ofJob(String source, String jobId) {
        return new LogContext(Map.of(SOURCE, source, JOB, source + "/" + jobId));
    }

    /** Does the work within the context; afterwards the thread's context is what it was. */
    public void run(Runnable work) {
        this.<Void, RuntimeException>call(() -> {
            work.run();
            return null;
        });
    }

    /** As {@link #run}, for work that returns something or fails in ways of its own. */
    public <T, E extends Exception> T call(Work<T, E> work) throws E {
        Map<String, String> before = new HashMap<>();
        fields.forEach((name, value) -> {
            before.put(name, MDC.get(name));
            MDC.put(name, value);
        });
        try {
            return work.get();
        } finally {
            before.forEach((name, value) -> {
                if (value == null) {
                    MDC.remove(name);
                } else {
                    MDC.put(name, value);
                }
            });
        }
    }
}
