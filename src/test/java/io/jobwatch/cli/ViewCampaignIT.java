package io.jobwatch.cli;

import io.jobwatch.cli.ViewCampaign.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What any instance answers is true and as young as it says, whatever moves. {@link CampaignSeeds} tells how to have more of it. */
class ViewCampaignIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldAnswerTrulyWhateverHappensToTheInstances(long seed) throws Exception {
        List<Fault> faults = CampaignSeeds.faults().map(number -> drawn(seed, number)).orElseGet(ViewCampaignIT::eachOnce);
        try (ViewCampaign campaign = new ViewCampaign(folder, seed, faults.size())) {
            campaign.run(faults);
        }
    }

    static LongStream seeds() {
        return CampaignSeeds.seeds(1);
    }

    private static List<Fault> eachOnce() {
        return List.of(Fault.KILL, Fault.JOIN_OR_LEAVE, Fault.HALT, Fault.BROKER);
    }

    private static List<Fault> drawn(long seed, int number) {
        Random random = new Random(seed);
        return Stream.generate(() -> Fault.values()[random.nextInt(Fault.values().length)]).limit(number).toList();
    }
}
