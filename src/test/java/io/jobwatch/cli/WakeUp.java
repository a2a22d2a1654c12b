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
    /** An owner that still is one asks again in this time; sooner than a source comes back that was handed over twice. */
    private static final Duration SOON = Duration.ofSeconds(3);

    /**
     * {@return the requests that it sent for a source that was another's: those before the last one that this owner sent soon after} An
     * owner that asks no more has handed the source over meanwhile.
     */
    List<ServiceRequest> late(ServiceSource source) {
        List<ServiceRequest> soon = source.requestsSince(nanos).stream()
                .filter(request -> request.begun() - nanos < SOON.toNanos()).toList();
        int end = soon.size();
        while (end > 0 && soon.get(end - 1).instance().equals(instance)) {
            end--;
        }
        return soon.subList(0, end).stream().filter(request -> request.instance().equals(instance)).toList();
    }

    /** {@return whether a request is the first for its source that it sent since} It may have been on its way when it was halted. */
    boolean first(ServiceRequest request, ServiceSource source) {
        return source.requestsSince(nanos).stream().filter(any -> any.instance().equals(instance)).findFirst()
                .filter(request::equals).isPresent();
    }
}
