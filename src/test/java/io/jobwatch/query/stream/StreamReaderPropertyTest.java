package io.jobwatch.query.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever happens in whatever order, each reader gets each event once, those of a partition in their order. */
class StreamReaderPropertyTest {

    @Property(tries = 500)
    void shouldGiveEachEventOnceInOrderWhateverInterleaving(@ForAll @IntRange(min = 1, max = 12) int ringFrames,
            @ForAll @IntRange(min = 1, max = 7) int chunk, @ForAll long seed) {
        Random random = new Random(seed);
        StreamModel model = new StreamModel(ringFrames, chunk);
        Reader[] readers = {new Reader(), new Reader(), new Reader()};
        for (int step = 0; step < 250; step++) {
            act(model, random);
            for (Reader reader : readers) {
                reader.act(model, random);
            }
        }
        for (Reader reader : readers) {
            reader.finish(model);
            assertThat(reader.gaps).isEmpty();
            assertThat(reader.got).containsExactlyInAnyOrderElementsOf(model.visible(reader.from));
            assertInOrder(reader.got);
        }
    }

    /** With retention: nothing twice, nothing out of order, and what is missing lies in the gaps that were told. */
    @Property(tries = 500)
    void shouldTellEveryGap(@ForAll @IntRange(min = 1, max = 12) int ringFrames, @ForAll @IntRange(min = 1, max = 7) int chunk,
                            @ForAll long seed) {
        Random random = new Random(seed);
        StreamModel model = new StreamModel(ringFrames, chunk);
        List<String> written = new ArrayList<>();
        Reader[] readers = {new Reader(), new Reader()};
        for (int step = 0; step < 250; step++) {
            act(model, random);
            if (random.nextInt(40) == 0) {
                written.addAll(model.visible(new long[StreamModel.PARTITIONS]));
                int partition = random.nextInt(StreamModel.PARTITIONS);
                model.delete(partition, model.end(partition) - random.nextInt(6));
            }
            for (Reader reader : readers) {
                reader.act(model, random);
            }
        }
        written.addAll(model.visible(new long[StreamModel.PARTITIONS]));
        for (Reader reader : readers) {
            reader.finish(model);
            assertThat(reader.got).doesNotHaveDuplicates();
            assertInOrder(reader.got);
            for (String event : written) {
                int partition = partition(event);
                long offset = offset(event);
                boolean lost = reader.gaps.stream().anyMatch(gap -> gap.partition() == partition && gap.from() <= offset && offset < gap.to());
                boolean due = offset >= reader.from[partition];
                assertThat(reader.got.contains(event) != lost || !due).as("%s lost in %s", event, reader.gaps).isTrue();
            }
        }
    }

    private static void act(StreamModel model, Random random) {
        switch (random.nextInt(5)) {
            case 0, 1 -> model.write(random.nextInt(StreamModel.PARTITIONS), random.nextInt(4) > 0);
            case 2, 3 -> model.feed(random.nextInt(StreamModel.PARTITIONS));
            default -> model.serve();
        }
    }

    private static void assertInOrder(List<String> events) {
        Map<Integer, Long> last = new HashMap<>();
        for (String event : events) {
            assertThat(offset(event)).isGreaterThan(last.getOrDefault(partition(event), -1L));
            last.put(partition(event), offset(event));
        }
    }

    private static int partition(String event) {
        return Integer.parseInt(event.substring(0, event.indexOf('@')));
    }

    private static long offset(String event) {
        return Long.parseLong(event.substring(event.indexOf('@') + 1));
    }

    /** Someone who reads, is cut off in the middle of what was sent, and comes back with the last id seen. */
    private static final class Reader {
        private final List<String> got = new ArrayList<>();
        private final List<Gap> gaps = new ArrayList<>();
        private StreamModel.Session session;
        private String id;
        private long[] from;

        private void act(StreamModel model, Random random) {
            int chance = random.nextInt(12);
            if (session == null && chance < 3) {
                session = id == null ? model.openNew() : model.resume(id);
            } else if (session != null && chance < 8) {
                session.pull(random.nextInt(5));
                if (from == null && session.id != null) {
                    from = first();
                }
            } else if (session != null && chance == 8 || session != null && session.reader.ended()) {
                leave();
            }
        }

        /** {@return where it began} Before its first event, if that came first. */
        private long[] first() {
            long[] next = StreamPosition.parse(session.id, "t").orElseThrow().next();
            for (String event : session.events) {
                next[partition(event)] = Math.min(next[partition(event)], offset(event));
            }
            return next;
        }

        private void leave() {
            if (session.id != null) {
                id = session.id;
                got.addAll(session.events);
                gaps.addAll(session.gaps);
            }
            session.reader.close();
            session = null;
        }

        private void finish(StreamModel model) {
            if (session != null) {
                leave();
            }
            while (true) {
                session = id == null ? model.openNew() : model.resume(id);
                model.settle(session);
                if (from == null) {
                    from = first();
                }
                boolean ended = session.reader.ended();
                leave();
                if (!ended) {
                    return;
                }
            }
        }
    }
}
