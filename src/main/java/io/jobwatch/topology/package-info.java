/**
 * The Kafka Streams topology: reads job-state-events, keeps the latest status in one store, and writes transitions, error reports, statuses
 * and alerts, exactly once. Events are handled by {@code DetectTransitions}; what becomes due without an event (alerts, forgetting) by
 * {@code JobTimers} and {@code SourceWatch}, on the same stores and in the same transactions. {@code Explainer} runs what the topic still
 * has of one job through the same steps again, for people who ask why. Knows the domain, the topics and the
 * registry; everything that it decides of a job is decided in {@link io.jobwatch.job}.
 */
package io.jobwatch.topology;
