package io.jobwatch.cli;

import io.jobwatch.cli.ChangingJobs.Version;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A request that a service got. Written by the service's threads, each field once; read by others when it is over.
 */
final class ServiceRequest {

    /** What it asked for. */
    enum Kind { LISTING, JOB, TASKS }

    private final int number;
    private final String source;
    private final String instance;
    private final Kind kind;
    private final long begun;
    private volatile long ended;
    private volatile boolean over;
    private volatile Map<String, Version> shown;

    /**
     * @param number   from 1, in the order of the requests for this source
     * @param instance who asked
     * @param begun    by a steady clock, in nanoseconds
     */
    ServiceRequest(int number, String source, String instance, Kind kind, long begun) {
        this.number = number;
        this.source = source;
        this.instance = instance;
        this.kind = kind;
        this.begun = begun;
    }

    int number() {
        return number;
    }

    String source() {
        return source;
    }

    String instance() {
        return instance;
    }

    Kind kind() {
        return kind;
    }

    long begun() {
        return begun;
    }

    /** {@return when the answer was sent or the client gave up; empty while neither is so} */
    OptionalLong ended() {
        return over ? OptionalLong.of(ended) : OptionalLong.empty();
    }

    void end(long nanos) {
        ended = nanos;
        over = true;
    }

    /** {@return the jobs that the answer lists; null if none was sent or it is no listing} */
    Map<String, Version> shown() {
        return shown;
    }

    void show(Map<String, Version> jobs) {
        shown = jobs;
    }

    @Override
    public String toString() {
        return source + " #" + number + " " + kind + " by " + instance;
    }
}
