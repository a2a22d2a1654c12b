/**
 * The stream of transitions for many readers: {@link io.jobwatch.query.stream.TransitionStream} says what they may rely on.
 *
 * <p>One feed reads the topic into a ring of encoded events. A reader is a position in every partition and a cursor in the ring; what the
 * ring no longer has is read from the topic for that reader, in turns, until it is in the ring's reach.
 */
package io.jobwatch.query.stream;
