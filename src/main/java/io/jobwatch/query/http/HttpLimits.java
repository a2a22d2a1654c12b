package io.jobwatch.query.http;

import java.time.Duration;

/**
 * What the server takes from its clients at most.
 *
 * @param threads     that answer; a request that waits (a long poll, a stream of events, an explanation) holds none, a client that reads
 *                    slowly holds one, but such clients together no more than half of them
 * @param connections open at once; beyond, new ones wait until others have ended, and idle ones end sooner than usual
 * @param requests    in progress at once, waiting ones included; beyond, the answer is 503
 * @param headerBytes the request line and the headers together
 * @param idle        for how long a connection may stay without a byte, unless a request is waiting for its answer
 * @param header      from the first byte of a request, or the beginning of a connection, to the end of its headers; TLS included
 * @param answer      from when a client first does not keep up with an answer to when it has all of it; streams of events excepted
 */
record HttpLimits(int threads, int connections, int requests, int headerBytes, Duration idle, Duration header, Duration answer) {

    /**
     * A thousand long polls and as many streams of events fit beside the usual. A key of 512 characters takes 4.6 kB in a path, and the
     * position in an event's id grows with the number of partitions. The largest page has about a megabyte, so a client may be as slow as
     * 20 kB/s.
     */
    static final HttpLimits DEFAULT = new HttpLimits(64, 4_000, 3_000, 16 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(10),
            Duration.ofSeconds(60));

    /** {@return how many threads may wait for clients that read slowly} */
    int slowReaders() {
        return threads / 2;
    }
}
