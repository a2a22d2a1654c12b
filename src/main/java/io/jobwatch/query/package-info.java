/**
 * The committed view of the topics that every query instance keeps for itself: global state stores of Kafka Streams with the raw records,
 * and indexes in memory. {@link io.jobwatch.query.View} is what questions are put to, over HTTP ({@code io.jobwatch.query.http}) or
 * directly.
 */
package io.jobwatch.query;
