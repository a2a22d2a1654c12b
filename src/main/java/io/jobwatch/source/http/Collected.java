package io.jobwatch.source.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.ObservedJob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What the lists of one listing held, each job once: of a job that is there several times, the later reading counts. */
final class Collected {
    private final JobMapper mapper;
    private final Map<String, JobMapper.Mapped> jobs = new LinkedHashMap<>();
    private final Map<ByteBuffer, BadItem> bad = new LinkedHashMap<>();

    Collected(JobMapper mapper) {
        this.mapper = mapper;
    }

    /** {@return what takes the items of one list} That another list had an item too does not make it old in this one. */
    PagedReader.Taker reading() {
        Set<Object> seen = new HashSet<>();
        return item -> seen.add(take(item));
    }

    /** Returns what the item is told apart by. */
    private Object take(JsonNode item) {
        try {
            JobMapper.Mapped read = mapper.read(item);
            jobs.put(read.job().jobId(), read);
            return read.job().jobId();
        } catch (BadFieldException e) {
            byte[] raw = item.toString().getBytes(StandardCharsets.UTF_8);
            bad.put(ByteBuffer.wrap(raw), new BadItem(raw, e.getMessage()));
            return ByteBuffer.wrap(raw);
        }
    }

    List<ObservedJob> jobs() {
        return jobs.values().stream().map(JobMapper.Mapped::job).toList();
    }

    List<BadItem> bad() {
        return List.copyOf(bad.values());
    }

    /** {@return the latest of the times that the jobs have} */
    Optional<Instant> newest(Function<JobMapper.Mapped, Optional<Instant>> time) {
        return jobs.values().stream().map(time).flatMap(Optional::stream).max(Instant::compareTo);
    }
}
