package io.jobwatch.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How late each of a known number of events was. One thread records, another may wait. */
final class Latencies {
    private final long[] nanos;
    private final CountDownLatch missing;

    Latencies(int events) {
        nanos = new long[events];
        Arrays.fill(nanos, -1);
        missing = new CountDownLatch(events);
    }

    int size() {
        return nanos.length;
    }

    void record(int event, long late) {
        if (nanos[event] >= 0) {
            throw new BenchException("the transition of event " + event + " came twice");
        }
        nanos[event] = Math.max(0, late);
        missing.countDown();
    }

    /** @throws BenchException if one is missing after this long */
    void awaitAll(Duration limit) throws InterruptedException {
        if (!missing.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new BenchException(missing.getCount() + " of " + size() + " transitions did not come within " + limit.toSeconds()
                    + " s after the last event");
        }
    }

    /** {@return those of the events from this one on} */
    Percentiles from(int first) {
        return Percentiles.of(Arrays.copyOfRange(nanos, first, nanos.length));
    }

    /** Latencies in ascending order. */
    static final class Percentiles {
        private final long[] sorted;

        private Percentiles(long[] sorted) {
            this.sorted = sorted;
        }

        /** {@return those of these latencies, which come into order by that} */
        static Percentiles of(long[] nanos) {
            Arrays.sort(nanos);
            return new Percentiles(nanos);
        }

        /** {@return the smallest latency that at least this part of all do not exceed, in milliseconds} */
        double millis(double part) {
            return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)] / 1e6;
        }
    }
}
