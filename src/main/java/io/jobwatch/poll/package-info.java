/**
 * The poller: asks each source on its own schedule, publishes what differs from what was last published, exactly once, and remembers where
 * it stands.
 *
 * <p>Sources hash to lanes, the partitions of poll-cursors. {@link io.jobwatch.poll.LaneGroup} knows which lanes this instance owns; a
 * {@link io.jobwatch.poll.Lane} is the only one that writes, events and cursor in one transaction; {@link io.jobwatch.poll.SourcePoller}
 * is the loop of a source; {@link io.jobwatch.poll.ChangeDetector} decides, as a pure function, what is new. Knows sources, topics and the
 * registry; knows nothing of the topology that reads its events.
 */
package io.jobwatch.poll;
