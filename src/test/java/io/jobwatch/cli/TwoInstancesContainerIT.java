package io.jobwatch.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.kafka.KafkaContainer;

/**
 * As {@link TwoInstancesIT}, on the broker of Kafka's own container image, or of the compatible one that {@code JOBWATCH_KAFKA_IMAGE} in
 * the environment names. {@link DockerEngine#require} says when it is skipped.
 */
class TwoInstancesContainerIT {
    @TempDir
    Path folder;

    @Test
    void shouldTellEachChangeOnceWhileInstancesAreKilled() throws Exception {
        DockerEngine.require(TwoInstancesContainerIT.class, TestImage.KAFKA);
        try (KafkaContainer kafka = new KafkaContainer(TestImage.KAFKA.name().asCompatibleSubstituteFor("apache/kafka"))) {
            kafka.start();
            try (CrashCampaign campaign = new CrashCampaign(kafka.getBootstrapServers(), folder, "classic",
                    CrashCampaign.USUAL_SEED)) {
                campaign.run();
            }
        }
    }
}
