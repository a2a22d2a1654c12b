package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.ErrorDetail;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built-in client and the topics' schemas on a real registry. */
class ApicurioIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void needApicurio() {
        ApicurioRegistry.assumeAvailable();
    }

    @Test
    void shouldKeepItsIdsOverARestart() {
        int id;
        int port;
        try (ApicurioRegistry apicurio = ApicurioRegistry.start(folder);
             SchemaRegistry registry = new HttpSchemaRegistry(List.of(apicurio.url()), Map.of())) {
            port = apicurio.port();
            registry.register("other-value", Schema.create(Schema.Type.STRING));
            id = registry.register("a-value", ErrorDetail.getClassSchema());
        }
        try (ApicurioRegistry apicurio = ApicurioRegistry.start(folder, port);
             SchemaRegistry registry = new HttpSchemaRegistry(List.of(apicurio.url()), Map.of())) {
            assertThat(registry.idsOf("a-value")).containsExactly(id);
            assertThat(registry.register("a-value", ErrorDetail.getClassSchema())).isEqualTo(id);
        }
    }
}
