package io.jobwatch.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;

class BuiltInOnEmbeddedIT extends EmbeddedRegistryContract {
    @Override
    SchemaRegistry open(URI url) {
        return new HttpSchemaRegistry(List.of(url), Map.of());
    }
}
