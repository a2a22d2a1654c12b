package io.jobwatch.registry;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.client.rest.utils.UrlList;
import io.jobwatch.registry.RegistryException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;

/**
 * Carries out calls of Confluent's client within a limit, and repeats those that only an outage failed. Thread-safe; callers block.
 *
 * <p>The limit is ours: the library's time-outs are for a connection and for one read, so an answer that comes byte by byte takes as long
 * as it likes, and nothing can interrupt it. Each call therefore runs in a thread that may be left behind; there is a limit to these, too.
 */
final class ConfluentCalls implements AutoCloseable {
    private static final int MAX_THREADS = 32;

    /** A call of the library. */
    @FunctionalInterface
    interface Request<T> {
        T send() throws IOException, RestClientException;
    }

    private final UrlList addresses;
    private final Patience patience;
    private final DoubleSupplier chance;
    private final ThreadPoolExecutor threads;

    /**
     * @param addresses those of the library's client, which moves on in them where one does not answer
     * @param chance    numbers from 0 to 1 that spread the repetitions of clients that failed together
     */
    ConfluentCalls(UrlList addresses, Patience patience, DoubleSupplier chance) {
        this.addresses = addresses;
        this.patience = patience;
        this.chance = chance;
        this.threads = new ThreadPoolExecutor(0, MAX_THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "confluent-registry-client");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * {@return what the registry answers} Every request of the API may be repeated safely, so each is while the registry gives no answer.
     *
     * @param method for messages, as is the path
     * @throws RegistryException for everything but an answer with success, within {@link Patience#call()}
     */
    <T> T call(String method, String path, Request<T> request) {
        long deadline = System.nanoTime() + patience.call().toNanos();
        RegistryException outage = null;
        for (int repetition = 0; repetition <= patience.maxRetries(); repetition++) {
            if (repetition > 0 && !pause(patience.before(repetition, chance.getAsDouble()), deadline, outage)) {
                break;
            }
            for (int i = 0; i < addresses.size(); i++) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (outage != null && (left.isNegative() || left.isZero())) {
                    throw outage;
                }
                try {
                    return within(left, method, path, request);
                } catch (RegistryException e) {
                    if (e.kind() != Kind.UNAVAILABLE || Thread.currentThread().isInterrupted()) {
                        throw e;
                    }
                    if (outage != null) {
                        e.addSuppressed(outage);
                    }
                    outage = e;
                    // The library leaves an address that gives no answer, but not one that answers with 5xx: that is the current one.
                    addresses.fail(addresses.current());
                }
            }
        }
        throw outage;
    }

    private static boolean pause(Duration delay, long deadline, RegistryException outage) {
        if (System.nanoTime() + delay.toNanos() >= deadline) {
            return false;
        }
        try {
            Thread.sleep(delay.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw outage;
        }
    }

    private <T> T within(Duration left, String method, String path, Request<T> request) {
        String address = addresses.current();
        String what = method + " " + address + path;
        Future<T> answer;
        try {
            answer = threads.submit(request::send);
        } catch (RejectedExecutionException e) {
            throw new RegistryException(Kind.UNAVAILABLE, what + ": not asked: " + MAX_THREADS + " requests have no answer yet", e);
        }
        try {
            T value = answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
            if (value == null) {
                throw new RegistryException(Kind.UNAVAILABLE, what + ": the answer is empty; is this a Schema Registry?");
            }
            return value;
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new RegistryException(Kind.UNAVAILABLE, what + ": no whole answer within " + left.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new RegistryException(Kind.UNAVAILABLE, what + ": interrupted", e);
        } catch (ExecutionException e) {
            throw ConfluentRefusal.of(what, address.startsWith("https:"), e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
