package io.jobwatch.bench;

import io.jobwatch.event.JobStateEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Events at a steady rate, each of which changes a job's state, in a thread of their own until it is closed; and how late each one's
 * transition was, from the planned moment of the event to a reader of committed records.
 */
final class SteadyEvents implements AutoCloseable {
    /** Looks that change a job's state. */
    private static final int[] CHANGING_LOOKS = {0, 1, 2, 4};
    private static final Duration LAST_WITHIN = Duration.ofMinutes(2);
    private static final int LONGEST_SECONDS = 3600;

    private final Cluster cluster;
    private final int rate;
    private final int firstJob;
    private final Pace pace;
    /** By event, with 1 added; 0 for those that are still to come. */
    private final AtomicLongArray lateNanos;
    private final Transitions transitions;
    private final Thread thread;
    private volatile boolean closing;
    private volatile int sent;
    private volatile RuntimeException failure;

    /** @param firstJob the number of the first job; the others follow it */
    SteadyEvents(Cluster cluster, int rate, int firstJob) {
        this.cluster = cluster;
        this.rate = rate;
        this.firstJob = firstJob;
        this.lateNanos = new AtomicLongArray(rate * LONGEST_SECONDS);
        this.pace = Pace.perSecond(rate);
        this.transitions = new Transitions(cluster, (transition, nanos, partition) -> {
            int event = indexOf(Workload.number(transition.getJobName()) - firstJob, transition.getSequence());
            lateNanos.set(event, Math.max(0, nanos - pace.nanos(event)) + 1);
        });
        this.thread = new Thread(this::send, "steady-events");
        thread.start();
    }

    /** {@return how many events there were up to now} */
    int sent() {
        if (failure != null) {
            throw new BenchException("sending events failed: " + failure, failure);
        }
        transitions.requireReading();
        return sent;
    }

    /**
     * Waits for the transitions of some events.
     *
     * @param from the first, from 0
     * @param to   the one after the last
     * @throws BenchException if one does not come
     */
    Latencies.Percentiles late(int from, int to) {
        long deadline = System.nanoTime() + LAST_WITHIN.toNanos();
        long[] nanos = new long[to - from];
        for (int event = from; event < to; event++) {
            while (lateNanos.get(event) == 0) {
                if (System.nanoTime() > deadline) {
                    throw new BenchException("the transition of event " + event + " did not come within " + LAST_WITHIN);
                }
                LockSupport.parkNanos(10_000_000);
            }
            nanos[event - from] = lateNanos.get(event) - 1;
        }
        return Latencies.Percentiles.of(nanos);
    }

    private void send() {
        Workload workload = Workload.recent();
        try (Loader loader = new Loader(cluster, 0, true)) {
            for (int index = 0; !closing && index < lateNanos.length(); index++) {
                JobStateEvent event = workload.event(firstJob + jobOf(index), CHANGING_LOOKS[index / rate % CHANGING_LOOKS.length]);
                event.setObservedAt(Instant.ofEpochMilli(pace.millis(index)));
                pace.await(index);
                loader.send(event);
                sent = index + 1;
            }
            loader.flush();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** In each second as many jobs as there are events take one step; after four seconds they have ended and others follow. */
    private int jobOf(int index) {
        return index / (rate * CHANGING_LOOKS.length) * rate + index % rate;
    }

    private int indexOf(int job, long sequence) {
        return job / rate * rate * CHANGING_LOOKS.length + (int) (sequence - 1) * rate + job % rate;
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transitions.close();
    }
}
