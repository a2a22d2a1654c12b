package io.jobwatch.cli;

import io.jobwatch.embedded.EmbeddedBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions move between two instances that share the work, and kills lose and repeat nothing: on the embedded broker. */
class TwoInstancesIT {
    @TempDir
    Path folder;

    @Test
    void shouldTellEachChangeOnceWhileInstancesAreKilled() throws Exception {
        survive("classic");
    }

    @Test
    void shouldTellEachChangeOnceWhileInstancesOfAStreamsGroupAreKilled() throws Exception {
        survive("streams");
    }

    private void survive(String groupProtocol) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
             CrashCampaign campaign = new CrashCampaign(broker.bootstrapServers(), folder, groupProtocol)) {
            campaign.run();
        }
    }
}
