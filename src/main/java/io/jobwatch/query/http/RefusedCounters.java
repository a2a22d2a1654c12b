package io.jobwatch.query.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts what is ended before it gets to a route, and so is in no other metric of answers. Thread-safe.
 *
 * @param requests     answered 503, as too many are in progress
 * @param slowHeaders  connections closed, as the headers of a request did not come to their end
 * @param slowReaders  connections closed, as the client read its answer too slowly
 */
record RefusedCounters(Counter requests, Counter slowHeaders, Counter slowReaders) {

    static RefusedCounters in(MeterRegistry meters) {
        return new RefusedCounters(counter(meters, "requests"), counter(meters, "slow-headers"), counter(meters, "slow-readers"));
    }

    private static Counter counter(MeterRegistry meters, String reason) {
        return Counter.builder("jobwatch.query.refused").description("Requests and connections that were ended before they were answered")
                .tag("reason", reason).register(meters);
    }
}
