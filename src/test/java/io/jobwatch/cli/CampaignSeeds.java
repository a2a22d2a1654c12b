package io.jobwatch.cli;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How much of a campaign is run: a little of it with every build, and more where system properties say so.
 *
 * <ul>
 * <li>{@code jobwatch.campaign.seeds}: such as {@code 1,5-9}
 * <li>{@code jobwatch.campaign.faults}: so many faults one after another with each seed, drawn by it
 * </ul>
 */
final class CampaignSeeds {
    private CampaignSeeds() {
    }

    /** {@return the seeds to run with} */
    static LongStream seeds(long otherwise) {
        String seeds = System.getProperty("jobwatch.campaign.seeds", Long.toString(otherwise));
        return Arrays.stream(seeds.split(",")).flatMapToLong(part -> {
            String[] ends = part.strip().split("-");
            return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
        });
    }

    /** {@return the number of faults; empty for each kind once} */
    static Optional<Integer> faults() {
        return Optional.ofNullable(System.getProperty("jobwatch.campaign.faults")).map(Integer::valueOf);
    }
}
