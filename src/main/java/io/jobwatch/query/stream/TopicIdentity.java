package io.jobwatch.query.stream;

/**
 * What tells one topic from another, of the same name too.
 *
 * @param incarnation a hash of the id that Kafka gave the topic when it was created
 */
record TopicIdentity(String name, int incarnation, int partitions) {
}
