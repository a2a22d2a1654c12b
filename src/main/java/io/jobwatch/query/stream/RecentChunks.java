package io.jobwatch.query.stream;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pieces of the topic that were read last. Readers that were cut off together come back together and ask for the same, each piece the
 * one after the other; what was committed does not change, so one of them has it read and the others get the same. Thread-safe.
 */
final class RecentChunks {
    private final Map<Place, Chunk> chunks;

    private record Place(TransitionFilter filter, TopicIdentity topic, List<Long> from) {
        private static Place of(StreamReader.Request request) {
            return new Place(request.filter(), request.topic(), Arrays.stream(request.from()).boxed().toList());
        }
    }

    /** @param most how many are kept */
    RecentChunks(int most) {
        chunks = new LinkedHashMap<>(most * 2, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Place, Chunk> eldest) {
                return size() > most;
            }
        };
    }

    synchronized Optional<Chunk> find(StreamReader.Request request) {
        return Optional.ofNullable(chunks.get(Place.of(request)));
    }

    /** Keeps a piece, unless it leads nowhere: then there may be more the next time. */
    synchronized void add(StreamReader.Request request, Chunk chunk) {
        if (!Arrays.equals(request.from(), chunk.next())) {
            chunks.put(Place.of(request), chunk);
        }
    }
}
