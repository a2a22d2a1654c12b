package io.jobwatch.cli;

import io.jobwatch.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Partitions move between two instances that share the work, and kills lose and repeat nothing: on the embedded broker.
 * {@link CampaignSeeds} tells how to have more of it.
 */
class TwoInstancesIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldTellEachChangeOnceWhileInstancesAreKilled(long seed) throws Exception {
        survive("classic", seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldTellEachChangeOnceWhileInstancesOfAStreamsGroupAreKilled(long seed) throws Exception {
        survive("streams", seed);
    }

    static LongStream seeds() {
        return CampaignSeeds.seeds(CrashCampaign.USUAL_SEED);
    }

    private void survive(String groupProtocol, long seed) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
             CrashCampaign campaign = new CrashCampaign(broker.bootstrapServers(), folder, groupProtocol, seed)) {
            campaign.run();
        }
    }
}
