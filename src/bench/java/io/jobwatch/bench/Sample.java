package io.jobwatch.bench;

import java.time.Duration;

/**
 * How far a contestant was at a moment.
 *
 * @param nanos     the moment, by {@link System#nanoTime()}
 * @param events    committed so far
 * @param clientCpu taken by the contestant so far
 * @param brokerCpu taken by the broker so far
 */
record Sample(long nanos, long events, Duration clientCpu, Duration brokerCpu) {

    /**
     * What was done between two samples.
     *
     * @param events     committed
     * @param seconds    taken
     * @param clientCpu  microseconds of the contestant's processor time for an event
     * @param brokerCpu  microseconds of the broker's processor time for an event
     */
    record Rate(long events, double seconds, double clientCpu, double brokerCpu) {

        double eventsPerSecond() {
            return events / seconds;
        }
    }

    Rate until(Sample later) {
        long between = later.events - events;
        return new Rate(between, (later.nanos - nanos) / 1e9, micros(later.clientCpu.minus(clientCpu)) / between,
                micros(later.brokerCpu.minus(brokerCpu)) / between);
    }

    private static double micros(Duration duration) {
        return duration.toNanos() / 1e3;
    }
}
