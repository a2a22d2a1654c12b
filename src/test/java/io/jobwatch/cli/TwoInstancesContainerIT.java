package io.jobwatch.cli;

import java.nio.file.Path;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * As {@link TwoInstancesIT}, on the broker of Kafka's own container image, or of the compatible one that {@code JOBWATCH_KAFKA_IMAGE} in
 * the environment names. Skipped where there is no Docker, unless {@code JOBWATCH_REQUIRE_DOCKER=true} in the environment: then its absence
 * is a failure.
 */
class TwoInstancesContainerIT {
    private static final String OFFICIAL_IMAGE = "apache/kafka";

    @TempDir
    Path folder;

    @Test
    void shouldTellEachChangeOnceWhileInstancesAreKilled() throws Exception {
        DockerEngine.require(TwoInstancesContainerIT.class);
        String image = DockerEngine.image("JOBWATCH_KAFKA_IMAGE", OFFICIAL_IMAGE + ":" + AppInfoParser.getVersion());
        try (KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor(OFFICIAL_IMAGE))) {
            kafka.start();
            try (CrashCampaign campaign = new CrashCampaign(kafka.getBootstrapServers(), folder, "classic",
                    CrashCampaign.USUAL_SEED)) {
                campaign.run();
            }
        }
    }
}
