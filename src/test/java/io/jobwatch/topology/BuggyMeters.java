package io.jobwatch.topology;

import io.jobwatch.event.JobState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * Meters of which one counter has a bug for a while. The topology counts a transition when it has stored and forwarded everything, so that
 * the bug strikes when all the effects of a record are there but none is committed.
 */
final class BuggyMeters extends SimpleMeterRegistry {
    private final JobState state;
    private volatile boolean mended;

    /** @param state no transition into it can be counted */
    BuggyMeters(JobState state) {
        this.state = state;
    }

    void mend() {
        mended = true;
    }

    @Override
    protected Counter newCounter(Meter.Id id) {
        Counter counter = super.newCounter(id);
        return state.name().equals(id.getTag("state")) ? new Buggy(counter) : counter;
    }

    private final class Buggy implements Counter {
        private final Counter counter;

        private Buggy(Counter counter) {
            this.counter = counter;
        }

        @Override
        public void increment(double amount) {
            if (!mended) {
                throw new NullPointerException("a bug, on purpose");
            }
            counter.increment(amount);
        }

        @Override
        public double count() {
            return counter.count();
        }

        @Override
        public Id getId() {
            return counter.getId();
        }
    }
}
