package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobStatus;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract on Apicurio Registry, and what a registry that restarts and goes away means. */
abstract class ApicurioContract extends RegistryContract {
    @TempDir
    private static Path folder;
    private static ApicurioRegistry apicurio;
    private static boolean up;

    @TempDir
    private Path memory;

    /** Here and not before all: a class that is given up as a whole is not counted as skipped. */
    @Override
    @BeforeEach
    void openClient(TestInfo test) {
        ApicurioRegistry.assumeAvailable();
        if (apicurio == null) {
            apicurio = ApicurioRegistry.start(folder);
        } else if (!up) {
            startAgain();
        }
        up = true;
        super.openClient(test);
    }

    @AfterAll
    static void stopRegistry() {
        if (apicurio != null) {
            apicurio.close();
            apicurio = null;
        }
    }

    @Override
    final URI url() {
        return apicurio.url();
    }

    private void stop() {
        apicurio.close();
        up = false;
    }

    /** At the same address: clients that were opened before go on. */
    private void startAgain() {
        apicurio = ApicurioRegistry.start(folder, apicurio.port());
        up = true;
    }

    @Test
    void shouldKeepItsIdsOverARestart() {
        Schema schema = JobStatus.getClassSchema();
        Schema evolved = with(schema, "shard", "int", "0");
        int first;
        int second;
        try (SchemaRegistry before = open(url())) {
            before.setCompatibility("restart-value", "FULL_TRANSITIVE");
            first = before.register("restart-value", schema);
            second = before.register("restart-value", evolved);
            before.schemaById(second);

            stop();
            assertThat(catchThrowableOfType(RegistryException.class, () -> before.idsOf("restart-value")).kind())
                    .isEqualTo(Kind.UNAVAILABLE);
            assertThat(before.schemaById(second)).as("asked for before, and kept").isNotNull();
            startAgain();

            assertThat(before.idsOf("restart-value")).containsExactly(first, second);
        }
        try (SchemaRegistry after = open(url())) {
            assertThat(after.register("restart-value", schema)).isEqualTo(first);
            assertThat(after.idOf("restart-value", evolved)).isEqualTo(second);
            assertThat(after.schemaById(first).toString()).isEqualTo(PublishedSchema.textOf(schema));
            assertThat(after.incompatibilities("restart-value", Schema.create(Schema.Type.STRING))).as("its level").isNotEmpty();
            assertThat(after.register("after-value", ErrorDetail.getClassSchema())).isNotIn(first, second);
        }
    }

    @Test
    void shouldBeRememberedWhileItIsDown() {
        Schema schema = JobStatus.getClassSchema();
        int id;
        try (SchemaRegistry warm = remembering()) {
            id = warm.register("down-value", schema);
            warm.idsOf("down-value");
            warm.schemaById(id);
        }
        stop();
        try (SchemaRegistry restarted = remembering()) {
            assertThat(restarted.idOf("down-value", schema)).isEqualTo(id);
            assertThat(restarted.idsOf("down-value")).containsExactly(id);
            assertThat(restarted.schemaById(id).toString()).isEqualTo(PublishedSchema.textOf(schema));
        }
    }

    private SchemaRegistry remembering() {
        return new RememberingSchemaRegistry(open(url()), KnownSchemas.load(memory.resolve("known.json"), url().toString()),
                Clock.systemUTC());
    }
}
