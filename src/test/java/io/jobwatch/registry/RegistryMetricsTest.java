package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.registry.RegistryException.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryMetricsTest {
    private static final Schema A = SchemaBuilder.record("A").fields().requiredString("x").endRecord();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RegistryMetrics metrics = new RegistryMetrics(meters);
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();

    @Test
    void shouldCountQuestionsByTheirOutcome() {
        SchemaRegistry counted = metrics.counted(registry);
        int id = counted.register("a-value", A);
        assertThat(counted.schemaById(id)).isEqualTo(A);
        assertThatThrownBy(() -> counted.schemaById(99)).isInstanceOf(RegistryException.class);
        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));
        assertThatThrownBy(() -> counted.idsOf("a-value")).isInstanceOf(RegistryException.class);

        assertThat(requests("success")).isEqualTo(2);
        assertThat(requests("refused")).isEqualTo(1);
        assertThat(requests("unavailable")).isEqualTo(1);
    }

    @Test
    void shouldTellWhileItGoesByWhatIsKept(@TempDir Path folder) {
        KnownSchemas known = KnownSchemas.load(folder.resolve("known.json"), "http://registry");
        SchemaRegistry remembering = new RememberingSchemaRegistry(metrics.counted(registry), known, Clock.systemUTC(), metrics);
        int id = remembering.register("a-value", A);
        remembering.schemaById(id);
        assertThat(silent()).isZero();

        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));
        remembering.schemaById(id);
        remembering.schemaById(id);

        assertThat(silent()).isEqualTo(1);
        assertThat(meters.get("jobwatch.registry.remembered").counter().count()).isEqualTo(2);
        assertThat(requests("unavailable")).as("asked once, and then left alone").isEqualTo(1);
    }

    private double silent() {
        return meters.get("jobwatch.registry.silent").gauge().value();
    }

    private long requests(String outcome) {
        return meters.get("jobwatch.registry.requests").tag("outcome", outcome).timer().count();
    }
}
