package io.jobwatch.bench;

import java.time.Duration;

/**
 * How far a contestant was at a moment.
 *
 * @param nanos     the moment, by {@link System#nanoTime()}
 * @param events    committed so far
 * @param clientCpu taken by the contestant so far
 * @param brokerCpu taken by the broker so far
 * @param threads   taken by the contestant's threads so far
 */
record Sample(long nanos, long events, Duration clientCpu, Duration brokerCpu, ThreadTimes threads) {

    /**
     * What was done between two samples.
     *
     * @param events     committed
     * @param seconds    taken
     * @param clientCpu  microseconds of the contestant's processor time for an event
     * @param brokerCpu  microseconds of the broker's processor time for an event
     * @param threads    the contestant's processor time by threads
     */
    record Rate(long events, double seconds, double clientCpu, double brokerCpu, ThreadTimes threads) {

        double eventsPerSecond() {
            return events / seconds;
        }
    }

    Rate until(Sample later) {
        long between = later.events - events;
        return new Rate(between, (later.nanos - nanos) / 1e9, micros(later.clientCpu.minus(clientCpu)) / between,
                micros(later.brokerCpu.minus(brokerCpu)) / between, later.threads.since(threads));
    }

    private static double micros(Duration duration) {
        return duration.toNanos() / 1e3;
    }
}
