package io.jobwatch.source;

/** What a direct look-up of one job gave. A look-up that failed throws; it is never an answer. */
public sealed interface Lookup {

    /** The service knows the job. */
    record Found(ObservedJob job) implements Lookup {
    }

    /** The service answered that it does not know the job. */
    record Gone() implements Lookup {
    }
}
