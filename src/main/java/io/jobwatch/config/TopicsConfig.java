package io.jobwatch.config;

/**
 * The topics.
 *
 * @param prefix     put before each topic's name
 * @param partitions of the topics keyed by job; fixed once they are set up
 */
public record TopicsConfig(String prefix, int partitions) {
}
