package io.jobwatch.query.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The latest transitions as they came from the topic, each encoded once for all readers. Readers keep a cursor, and nothing is kept for
 * them: whoever is overtaken has lost its place. Thread-safe; one thread writes.
 *
 * <p>Whatever order the partitions were read in, a reader at any position can join: it begins with the oldest frame and passes over what it
 * has had already, provided that nothing it lacks has left the ring. Below the {@code floor} of a partition something may have left.
 */
final class FrameRing {

    /** @param block with the id of the position after this event in the order of this ring */
    record Frame(TransitionEvent event, byte[] block) {
    }

    /** What comes after a cursor. */
    sealed interface Passage {
    }

    /**
     * @param next the cursor behind the frames
     * @param head where the ring stands, if these are the last frames; null if there are more
     */
    record Frames(List<Frame> frames, long next, long[] head) implements Passage {
    }

    /** The frames after the cursor have left the ring. */
    record Overtaken() implements Passage {
    }

    /** The ring has jumped: join again. */
    record Restarted() implements Passage {
    }

    /**
     * How a reader comes into the ring.
     *
     * @param topic  what the ring holds
     * @param gaps   what the reader has lost for good
     * @param next   its position behind the gaps
     * @param cursor empty where it has to read from the topic first, or have its position checked there
     */
    record Join(long generation, TopicIdentity topic, List<Gap> gaps, long[] next, OptionalLong cursor) {
    }

    private final int maxFrames;
    private final long maxBytes;
    private final Frame[] frames;
    private long first;
    private long end;
    private long bytes;
    private long generation;
    private TopicIdentity topic;
    private long[] begin;
    private long[] floor;
    private long[] head;
    private long[] live;

    FrameRing(int maxFrames, long maxBytes) {
        this.maxFrames = maxFrames;
        this.maxBytes = maxBytes;
        this.frames = new Frame[maxFrames];
    }

    /**
     * Empties the ring, and goes on at another place.
     *
     * @param begin the oldest offset that the topic has in each partition
     * @param from  where reading begins
     * @param live  where what is new begins: a reader without a position begins there
     */
    synchronized void restart(TopicIdentity newTopic, long[] newBegin, long[] from, long[] newLive) {
        topic = newTopic;
        begin = newBegin.clone();
        floor = from.clone();
        head = from.clone();
        live = newLive.clone();
        while (first < end) {
            forgetFirst();
        }
        generation++;
    }

    /** {@return what the ring holds, if it was started} */
    synchronized Optional<TopicIdentity> topic() {
        return Optional.ofNullable(topic);
    }

    /** {@return the position after the last frame} */
    synchronized long[] head() {
        return head.clone();
    }

    /** {@return the position where a new reader begins} */
    synchronized long[] now() {
        long[] now = head.clone();
        for (int partition = 0; partition < now.length; partition++) {
            now[partition] = Math.max(now[partition], live[partition]);
        }
        return now;
    }

    /** {@return the position from which on the ring has everything} */
    synchronized long[] floor() {
        return floor.clone();
    }

    synchronized void append(TransitionEvent event) {
        head[event.partition()] = event.offset() + 1;
        Frame frame = new Frame(event, Blocks.transition(StreamPosition.encode(topic, head), event.json()));
        bytes += size(frame);
        while (end - first >= maxFrames || bytes > maxBytes && first < end) {
            Frame old = forgetFirst();
            floor[old.event().partition()] = Math.max(floor[old.event().partition()], old.event().offset() + 1);
        }
        frames[slot(end++)] = frame;
    }

    /** Passes over offsets that hold nothing for readers. */
    synchronized void advance(int partition, long next) {
        head[partition] = Math.max(head[partition], next);
    }

    /**
     * Looks for a place for a reader.
     *
     * @param incarnation of the topic that the position is of
     * @param at          its position
     * @param checked     whether a position beyond the head is known to be one that the ring will come to
     * @return empty if the position is of a topic with another number of partitions
     */
    synchronized Optional<Join> join(int incarnation, long[] at, boolean checked) {
        if (at.length != head.length) {
            return Optional.empty();
        }
        List<Gap> gaps = new ArrayList<>();
        long[] next = at.clone();
        boolean same = incarnation == topic.incarnation();
        boolean above = true;
        boolean behind = false;
        for (int partition = 0; partition < next.length; partition++) {
            if (same ? next[partition] < begin[partition] : next[partition] != begin[partition]) {
                gaps.add(new Gap(partition, next[partition], begin[partition]));
                next[partition] = begin[partition];
            }
            above &= next[partition] >= floor[partition] && (checked || next[partition] <= head[partition]);
            behind |= next[partition] < head[partition];
        }
        return Optional.of(new Join(generation, topic, gaps, next,
                above ? OptionalLong.of(behind ? first : end) : OptionalLong.empty()));
    }

    synchronized Passage read(long readerGeneration, long cursor, int most) {
        if (readerGeneration != generation) {
            return new Restarted();
        }
        if (cursor < first) {
            return new Overtaken();
        }
        long next = Math.min(end, cursor + most);
        List<Frame> found = new ArrayList<>((int) (next - cursor));
        for (long index = cursor; index < next; index++) {
            found.add(frames[slot(index)]);
        }
        return new Frames(found, next, next == end ? head.clone() : null);
    }

    /** {@return whether a reader with this cursor has lost its place} */
    synchronized boolean overtakes(long readerGeneration, long cursor) {
        return readerGeneration == generation && cursor < first;
    }

    private Frame forgetFirst() {
        Frame old = frames[slot(first)];
        frames[slot(first++)] = null;
        bytes -= size(old);
        return old;
    }

    private int slot(long index) {
        return (int) (index % maxFrames);
    }

    /** The JSON twice: for the block, and for readers that need an id of their own. */
    private static long size(Frame frame) {
        return frame.block().length + (long) frame.event().json().length;
    }
}
