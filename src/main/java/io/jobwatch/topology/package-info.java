/**
 * The Kafka Streams topology: reads job-state-events, keeps the latest status in one store, and writes transitions, error reports and
 * statuses, exactly once. Knows the domain, the topics and the registry; everything that it decides of a job is decided in
 * {@link io.jobwatch.job}.
 */
package io.jobwatch.topology;
