package io.jobwatch.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wants to know of a job's changes. Outlives the generations of the view. Thread-safe; nobody waits for anybody, so the view's thread
 * may tell of millions of changes while it is read anew.
 */
final class Watchers {
    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    /** By {@code source/jobId}; the lists are replaced and never modified, and never empty. */
    private final Map<String, List<Registration>> byJob = new ConcurrentHashMap<>();

    /** Told apart by identity: the same action may be registered twice. */
    private final class Registration implements View.Watch {
        private final String job;
        private final Runnable action;

        private Registration(String job, Runnable action) {
            this.job = job;
            this.action = action;
        }

        private void run() {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("A watcher of {} failed", job, e);   // the view's thread must live on
            }
        }

        @Override
        public void close() {
            byJob.computeIfPresent(job, (same, registered) -> {
                List<Registration> others = registered.stream().filter(other -> other != this).toList();
                return others.isEmpty() ? null : others;
            });
        }
    }

    /** Adds an action for a job's changes; see {@link View#watch}. */
    View.Watch add(String job, Runnable action) {
        Registration registration = new Registration(job, action);
        byJob.merge(job, List.of(registration), (registered, one) -> {
            List<Registration> all = new ArrayList<>(registered);
            all.addAll(one);
            return List.copyOf(all);
        });
        return registration;
    }

    /** Tells of the change of one job, which is in the view. */
    void changed(String job) {
        byJob.getOrDefault(job, List.of()).forEach(Registration::run);
    }

    /** Tells everyone: the view itself has changed. */
    void allChanged() {
        byJob.values().forEach(registered -> registered.forEach(Registration::run));
    }

    /** {@return the number of jobs that somebody watches} */
    int size() {
        return byJob.size();
    }
}
