package io.jobwatch.query.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A reader's way through the stream: from its position over the topic, as far as the ring does not reach back, into the ring, and on with
 * everybody else. It knows its own position in every partition and takes each event at or behind it; so it may come from anywhere, and
 * read the topic farther than it must, and neither misses nor repeats anything.
 *
 * <p>As long as it is ahead of the ring in one partition and behind in another its ids are its own. From then on, when it has
 * come in step, it stands where the ring stands after each frame, and takes over the blocks of the ring as they are.
 */
final class StreamReader implements TransitionReader {
    private static final int FRAMES_AT_ONCE = 64;

    private final TransitionFilter filter;
    private final FrameRing ring;
    private final Consumer<StreamReader> topicAsked;
    private final Consumer<StreamReader> gone;
    private final Runnable wakeUp;
    private final Deque<byte[]> blocks = new ArrayDeque<>();
    private TopicIdentity topic;
    private long[] next;
    private boolean checked;
    private boolean waitsForTopic;
    private boolean joined;
    private boolean inStep;
    private long generation;
    private long cursor;
    private boolean positionDue = true;
    private boolean ended;
    private boolean dropped;

    /**
     * What a reader needs from the topic.
     *
     * @param from the position, in this topic
     */
    record Request(TransitionFilter filter, TopicIdentity topic, long[] from) {
    }

    /**
     * @param topic      of the position
     * @param next       the position
     * @param checked    whether the position is known to be within the topic, though it may be beyond the ring
     * @param topicAsked told once for each {@link #deliver} that is wanted; runs within this reader's lock
     * @param gone       told when the reader has ended, by itself or another; runs within this reader's lock
     */
    StreamReader(TransitionFilter filter, FrameRing ring, TopicIdentity topic, long[] next, boolean checked,
                 Consumer<StreamReader> topicAsked, Consumer<StreamReader> gone, Runnable wakeUp) {
        this.filter = filter;
        this.ring = ring;
        this.topic = topic;
        this.next = next.clone();
        this.checked = checked;
        this.topicAsked = topicAsked;
        this.gone = gone;
        this.wakeUp = wakeUp;
    }

    @Override
    public synchronized Optional<byte[]> next() {
        if (ended) {
            return Optional.empty();
        }
        if (blocks.isEmpty() && !waitsForTopic) {
            fill();
        }
        byte[] block = blocks.poll();
        if (block == null && positionDue && !ended) {
            positionDue = false;
            block = Blocks.position(id());
        }
        return Optional.ofNullable(block);
    }

    private void fill() {
        while (blocks.isEmpty() && !ended && (joined || join())) {
            FrameRing.Passage passage = ring.read(generation, cursor, FRAMES_AT_ONCE);
            if (passage instanceof FrameRing.Frames found) {
                found.frames().forEach(this::take);
                cursor = found.next();
                if (found.head() != null) {
                    settle(found.head());
                    return;
                }
            } else if (passage instanceof FrameRing.Overtaken && inStep) {
                end(true);
            } else {
                // Not in step yet, so what has left the ring is read from the topic; or the ring has jumped, perhaps back.
                checked &= passage instanceof FrameRing.Overtaken;
                joined = false;
                inStep = false;
            }
        }
    }

    /** {@return whether there is a place in the ring} */
    private boolean join() {
        Optional<FrameRing.Join> found = ring.join(topic.incarnation(), next, checked);
        if (found.isEmpty()) {
            end(false);
            return false;
        }
        FrameRing.Join join = found.get();
        generation = join.generation();
        topic = join.topic();
        next = join.next();
        if (!join.gaps().isEmpty()) {
            blocks.add(Blocks.gap(id(), join.gaps()));
        }
        joined = join.cursor().isPresent();
        if (joined) {
            cursor = join.cursor().getAsLong();
        } else {
            waitsForTopic = true;
            topicAsked.accept(this);
        }
        return joined;
    }

    private void take(FrameRing.Frame frame) {
        TransitionEvent event = frame.event();
        if (event.offset() >= next[event.partition()]) {
            next[event.partition()] = event.offset() + 1;
            if (filter.passes(event)) {
                blocks.add(inStep ? frame.block() : Blocks.transition(id(), event.json()));
            }
        }
    }

    /** At the end of the ring: the reader has had everything up to its head. */
    private void settle(long[] head) {
        inStep = true;
        for (int partition = 0; partition < head.length; partition++) {
            inStep &= next[partition] <= head[partition];
            next[partition] = Math.max(next[partition], head[partition]);
        }
    }

    /** {@return what is to be read from the topic for this reader, or empty where it has ended} */
    synchronized Optional<Request> request() {
        return ended ? Optional.empty() : Optional.of(new Request(filter, topic, next.clone()));
    }

    /** Takes what was read from the topic. */
    void deliver(Chunk chunk) {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (!chunk.gaps().isEmpty()) {
                chunk.gaps().forEach(gap -> next[gap.partition()] = gap.to());
                blocks.add(Blocks.gap(id(), chunk.gaps()));
            }
            for (TransitionEvent event : chunk.events()) {
                next[event.partition()] = event.offset() + 1;
                blocks.add(Blocks.transition(id(), event.json()));
            }
            next = chunk.next().clone();
            checked = true;
            waitsForTopic = false;
        }
        wakeUp.run();
    }

    /** Something has come into the ring. */
    void published() {
        synchronized (this) {
            if (inStep && ring.overtakes(generation, cursor)) {
                end(true);
            }
        }
        wakeUp.run();
    }

    /** Lets the reader tell its position where there is nothing else to tell. */
    void keepAlive() {
        synchronized (this) {
            positionDue = true;
        }
        wakeUp.run();
    }

    /** Ends the reader and tells it. */
    void stop() {
        close();
        wakeUp.run();
    }

    @Override
    public synchronized boolean ended() {
        return ended;
    }

    /** {@return whether it ended because it did not keep up} */
    synchronized boolean dropped() {
        return dropped;
    }

    @Override
    public synchronized void close() {
        end(false);
    }

    private void end(boolean tooSlow) {
        if (!ended) {
            ended = true;
            dropped = tooSlow;
            blocks.clear();
            gone.accept(this);
        }
    }

    private String id() {
        return StreamPosition.encode(topic, next);
    }
}
