package io.jobwatch.query.stream;

import io.jobwatch.event.JobState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A topic in memory, a feed that reads its partitions in any order, and readers of the real ring. */
final class StreamModel {
    static final int PARTITIONS = 3;
    private static final String NAME = "t";
    private static final Pattern GAP = Pattern.compile("\"partition\":(\\d+),\"from\":(\\d+),\"to\":(\\d+)");

    private final List<TreeMap<Long, String>> log = new ArrayList<>();
    private final long[] begin = new long[PARTITIONS];
    private final long[] end = new long[PARTITIONS];
    private final long[] fed = new long[PARTITIONS];
    private final FrameRing ring;
    private final Deque<StreamReader> asking = new ArrayDeque<>();
    private final int chunk;
    private final TopicIdentity topic = new TopicIdentity(NAME, 1, PARTITIONS);

    StreamModel(int ringFrames, int chunk) {
        this.ring = new FrameRing(ringFrames, Long.MAX_VALUE);
        this.chunk = chunk;
        IntStream.range(0, PARTITIONS).forEach(partition -> log.add(new TreeMap<>()));
        ring.restart(topic, begin, begin, begin);
    }

    /** A session of a reader: its events as {@code partition@offset}, and what it was told to have lost. */
    final class Session {
        final List<String> events = new ArrayList<>();
        final List<Gap> gaps = new ArrayList<>();
        final StreamReader reader;
        String id;

        private Session(String lastId, long[] next, boolean checked) {
            id = lastId;
            StreamPosition position = lastId == null ? new StreamPosition(topic.incarnation(), next)
                    : StreamPosition.parse(lastId, NAME).orElseThrow();
            reader = new StreamReader(new TransitionFilter(Optional.empty(), Set.of()), ring,
                    new TopicIdentity(NAME, position.incarnation(), PARTITIONS), position.next(), checked, asking::add, gone -> { }, () -> { });
        }

        /** Takes so many blocks, if there are. */
        void pull(int blocks) {
            for (int i = 0; i < blocks; i++) {
                byte[] block = reader.next().orElse(null);
                if (block == null) {
                    return;
                }
                String text = new String(block, StandardCharsets.UTF_8);
                String[] lines = text.split("\n");
                for (String line : lines) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: {\"partitions\"")) {
                        Matcher gap = GAP.matcher(line);
                        while (gap.find()) {
                            gaps.add(new Gap(Integer.parseInt(gap.group(1)), Long.parseLong(gap.group(2)), Long.parseLong(gap.group(3))));
                        }
                    } else if (line.startsWith("data: ")) {
                        events.add(line.substring(6));
                    }
                }
            }
        }
    }

    Session openNew() {
        return new Session(null, ring.now(), true);
    }

    Session resume(String id) {
        return new Session(id, null, false);
    }

    /** Writes a transition, or what no reader sees: an aborted record, or the mark of a transaction. */
    void write(int partition, boolean visible) {
        long offset = end[partition]++;
        if (visible) {
            log.get(partition).put(offset, partition + "@" + offset);
        }
    }

    /** Lets the feed take the next offset of a partition. */
    boolean feed(int partition) {
        if (fed[partition] == end[partition]) {
            return false;
        }
        long offset = fed[partition]++;
        String event = log.get(partition).get(offset);
        if (event == null) {
            ring.advance(partition, offset + 1);
        } else {
            ring.append(event(partition, offset, event));
        }
        return true;
    }

    /** Retention; the feed, if it was away, finds out when it comes back. */
    void delete(int partition, long upTo) {
        begin[partition] = Math.max(begin[partition], Math.min(upTo, end[partition]));
        log.get(partition).headMap(begin[partition]).clear();
        if (fed[partition] < begin[partition]) {
            fed[partition] = begin[partition];
            ring.restart(topic, begin, fed, fed);
        }
    }

    /** Serves the reader whose turn it is. */
    boolean serve() {
        StreamReader reader = asking.poll();
        if (reader == null) {
            return false;
        }
        reader.request().ifPresent(request -> reader.deliver(read(request.from(), ring.floor())));
        return true;
    }

    private Chunk read(long[] from, long[] until) {
        long[] next = from.clone();
        List<Gap> gaps = new ArrayList<>();
        List<TransitionEvent> events = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long within = Math.min(Math.max(next[partition], begin[partition]), end[partition]);
            if (within != next[partition]) {
                gaps.add(new Gap(partition, next[partition], within));
                next[partition] = within;
            }
            for (int i = 0; i < chunk && next[partition] < until[partition]; i++) {
                Map.Entry<Long, String> found = log.get(partition).ceilingEntry(next[partition]);
                if (found == null) {
                    next[partition] = end[partition];
                } else {
                    events.add(event(partition, found.getKey(), found.getValue()));
                    next[partition] = found.getKey() + 1;
                }
            }
        }
        return new Chunk(gaps, events, next);
    }

    void settle(Session session) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            while (feed(partition)) {
                continue;
            }
        }
        do {
            session.pull(Integer.MAX_VALUE);
        } while (serve());
        session.pull(Integer.MAX_VALUE);
    }

    long end(int partition) {
        return end[partition];
    }

    /** {@return every event at or after the given offsets that was ever visible} */
    List<String> visible(long[] from) {
        List<String> all = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            all.addAll(log.get(partition).tailMap(from[partition]).values());
        }
        return all;
    }

    private static TransitionEvent event(int partition, long offset, String text) {
        return new TransitionEvent(partition, offset, "s", JobState.QUEUED, text.getBytes(StandardCharsets.UTF_8));
    }
}
