package io.jobwatch.seed;

/** Where the latest statuses are read from. They are kept twice, always by the same transactions. */
public enum StateFrom {
    /** The topic, which must agree with the changelog. */
    BOTH,
    /** The topic {@code job-status} alone, where the changelog is lost. */
    TOPIC,
    /** The changelog of the topology's store alone, where the topic is lost. */
    CHANGELOG
}
