package io.jobwatch.seed;

import io.jobwatch.topic.TopicException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** Makes one line of what a cluster says no with. */
final class Answers {
    private static final int WITHIN_MILLIS = 15_000;

    private Answers() {
    }

    /** {@return an administration client that gives up soon enough for a person who waits} */
    static Admin admin(Side side) {
        Map<String, Object> settings = new HashMap<>(side.kafka());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, WITHIN_MILLIS / 3);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, WITHIN_MILLIS);
        return Admin.create(settings);
    }

    /**
     * {@return what the future gives}
     *
     * @param side whose cluster is asked
     * @param what the cluster was asked to do
     */
    static <T> T await(Side side, KafkaFuture<T> future, String what) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failed(side, what, e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** As {@link #await}, of a call that waits by itself. */
    static <T> T asked(Side side, String what, Supplier<T> question) {
        try {
            return question.get();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw failed(side, what, e);
        }
    }

    static TopicException failed(Side side, String what, Throwable cause) {
        return TopicException.notDone(what, cause, side.refusals());
    }
}
