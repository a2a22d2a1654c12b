package io.jobwatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.Task;
import io.jobwatch.registry.HttpSchemaRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRegistryIT {
    @TempDir
    Path folder;

    private static Map<String, Object> clients(EmbeddedBroker broker) {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static int register(EmbeddedRegistry registry, String subject, Schema schema) {
        try (HttpSchemaRegistry client = new HttpSchemaRegistry(List.of(URI.create(registry.url())), Map.of())) {
            return client.register(subject, schema);
        }
    }

    @Test
    void shouldKeepItsIdsWhenRegistryAndBrokerStartAgain() {
        int status;
        int transition;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            try (EmbeddedRegistry registry = EmbeddedRegistry.start(clients(broker), "127.0.0.1", 0)) {
                status = register(registry, "status-value", JobStatus.getClassSchema());
                transition = register(registry, "transition-value", JobTransition.getClassSchema());
            }
            try (EmbeddedRegistry registry = EmbeddedRegistry.start(clients(broker), "127.0.0.1", 0)) {
                assertThat(register(registry, "transition-value", JobTransition.getClassSchema())).isEqualTo(transition);
            }
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
             EmbeddedRegistry registry = EmbeddedRegistry.start(clients(broker), "127.0.0.1", 0);
             HttpSchemaRegistry client = new HttpSchemaRegistry(List.of(URI.create(registry.url())), Map.of())) {
            assertThat(client.idOf("status-value", JobStatus.getClassSchema())).isEqualTo(status);
            assertThat(client.idsOf("transition-value")).containsExactly(transition);
            assertThat(client.schemaById(status).getFullName()).isEqualTo(JobStatus.getClassSchema().getFullName());
            assertThat(register(registry, "task-value", Task.getClassSchema())).isGreaterThan(Math.max(status, transition));
        }
    }

    @Test
    void shouldNotKeepItsStateInATopicThatForgets() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0); Admin admin = Admin.create(clients(broker))) {
            admin.createTopics(List.of(new NewTopic("_schemas", Optional.of(1), Optional.empty()))).all().get();

            assertThatThrownBy(() -> EmbeddedRegistry.start(clients(broker), "127.0.0.1", 0))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("1 partitions and cleanup.policy delete, expected 1 and compact");
        }
    }
}
