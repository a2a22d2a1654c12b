package io.jobwatch.config;

/**
 * How many requests are sent to a service at the most.
 *
 * @param perSecond requests a second, on average; more than 0
 * @param perHost   whether all sources at the same host and port that say so share one limit, the lowest of theirs; else it is the
 *                  source's own
 */
public record RequestLimit(double perSecond, boolean perHost) {
}
