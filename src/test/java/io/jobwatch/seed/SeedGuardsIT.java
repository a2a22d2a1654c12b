package io.jobwatch.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.seed.SeedFixture.Made;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a seeding does when somebody comes in its way, or time has passed; with a real cluster. */
class SeedGuardsIT {
    @TempDir
    private static Path folder;
    private static SeedFixture deployments;

    @BeforeAll
    static void startCluster() {
        deployments = new SeedFixture(folder);
    }

    @AfterAll
    static void stopCluster() {
        deployments.close();
    }

    /** The client leaves such an offset out, as if there were none, though it asks for stable ones. */
    @Test
    void shouldWaitForAnOffsetThatAnOpenTransactionCommits() throws Exception {
        Made made = deployments.made("pending");
        TopicPartition partition = new TopicPartition(made.topics().jobStateEvents(), 0);
        Groups groups = new Groups(deployments.cluster.admin(), made.side());
        Map<String, Object> settings = new HashMap<>(made.side().kafka());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "pending-offset");
        try (KafkaProducer<byte[], byte[]> producer =
                     new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), new ConsumerGroupMetadata("pending"));

            CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committed =
                    CompletableFuture.supplyAsync(() -> groups.committed("pending", List.of(partition)));

            assertThatThrownBy(() -> committed.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            producer.commitTransaction();
            assertThat(committed.get(30, TimeUnit.SECONDS)).isEqualTo(Map.of(partition, new OffsetAndMetadata(7)));
        }
    }
}
