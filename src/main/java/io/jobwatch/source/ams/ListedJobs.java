package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.Listing;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.Watermark;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the pages of one listing showed: of each job the latest reading, each bad item once. One thread. */
final class ListedJobs {

    /** Makes a job of an entity. */
    @FunctionalInterface
    interface Reader {
        ObservedJob read(JsonNode entity) throws BadEntityException;
    }

    private final Map<String, ObservedJob> jobs = new LinkedHashMap<>();
    private final Map<ByteBuffer, BadItem> bad = new LinkedHashMap<>();
    private final Instant began;
    private Optional<Instant> beganThere = Optional.empty();

    /** @param began when the listing began by our clock, which counts where the service tells no time */
    ListedJobs(Instant began) {
        this.began = began;
    }

    /** Notes when a list was begun by the service's clock, where it tells: the first of them counts. */
    void listBegan(Optional<Instant> there) {
        beganThere = beganThere.or(() -> there);
    }

    /** {@return what tells the entity from the others of a list} */
    Object add(ODataPage.Entity entity, Reader reader) {
        try {
            ObservedJob job = reader.read(entity.node());
            jobs.put(job.jobId(), job);
            return job.jobId();
        } catch (BadEntityException e) {
            byte[] raw = entity.raw();
            bad.put(ByteBuffer.wrap(raw), new BadItem(raw, e.getMessage()));
            return ByteBuffer.wrap(raw);
        }
    }

    int size() {
        return jobs.size() + bad.size();
    }

    Listing.Snapshot snapshot() {
        return new Listing.Snapshot(List.copyOf(jobs.values()), List.copyOf(bad.values()), Optional.empty());
    }

    /** @param before the watermark that the listing was read with */
    Listing.ActiveSet activeSet(Optional<Watermark> before) {
        Optional<Instant> newest = jobs.values().stream().flatMap(job -> job.createdAt().stream()).max(Instant::compareTo);
        Optional<Watermark> next = Watermark.next(before, newest, beganThere.orElse(began));
        return new Listing.ActiveSet(List.copyOf(jobs.values()), List.copyOf(bad.values()), next.map(Watermark::token));
    }
}
