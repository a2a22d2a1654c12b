package io.jobwatch.cli;

import io.jobwatch.cli.PollCampaign.Fault;
import io.jobwatch.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Polling by several instances is exactly once, whatever happens to them. {@link CampaignSeeds} tells how to have more of it. */
class PollCampaignIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldPublishEachChangeOnceWhateverHappensToTheInstances(long seed) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
             PollCampaign campaign = new PollCampaign(broker.bootstrapServers(), folder, seed)) {
            campaign.run(2, CampaignSeeds.faults().map(number -> drawn(seed, number)).orElseGet(PollCampaignIT::eachOnce));
        }
    }

    static LongStream seeds() {
        return CampaignSeeds.seeds(1);
    }

    /** The first two strike one of two instances, the others one of three. */
    private static List<Fault> eachOnce() {
        return List.of(Fault.KILL_IN_POLL, Fault.KILL_IN_COMMIT, Fault.JOIN_OR_LEAVE, Fault.HALT_IN_POLL, Fault.HALT_IN_COMMIT,
                Fault.TERMINATE);
    }

    private static List<Fault> drawn(long seed, int number) {
        Random random = new Random(seed);
        return Stream.generate(() -> Fault.values()[random.nextInt(Fault.values().length)]).limit(number).toList();
    }
}
