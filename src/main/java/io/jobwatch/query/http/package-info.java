/**
 * The view over HTTP: read-only JSON, probes, metrics and a page for people; for an instance without a view, probes and metrics alone. Knows
 * {@link io.jobwatch.query.View} and no Kafka.
 */
package io.jobwatch.query.http;
