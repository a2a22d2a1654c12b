package io.jobwatch.cli;

import java.time.Duration;
import java.util.List;

/**
 * A process was halted until others had taken its sources over, and then woken.
 *
 * @param instance which
 * @param nanos    when it was woken, by a steady clock
 */
record WakeUp(String instance, long nanos) {
    /** So soon an owner that still is one asks again, also on a machine that is busy. */
    private static final Duration NEXT_REQUEST_WITHIN = Duration.ofSeconds(3);

    /**
     * {@return the requests that it sent for a source that was another's: those before the next one of that owner} An owner that asks no
     * more has handed the source over meanwhile.
     */
    List<ServiceRequest> late(ServiceSource source) {
        List<ServiceRequest> since = source.requestsSince(nanos);
        for (int i = 0; i < since.size(); i++) {
            if (!since.get(i).instance().equals(instance)) {
                return since.get(i).begun() - nanos < NEXT_REQUEST_WITHIN.toNanos() ? since.subList(0, i) : List.of();
            }
        }
        return List.of();
    }
}
