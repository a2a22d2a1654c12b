package io.jobwatch.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;

class ConfluentOnEmbeddedIT extends EmbeddedRegistryContract {
    @Override
    SchemaRegistry open(URI url) {
        return new ConfluentProvider().open(List.of(url), Map.of(), RegistryTimeouts.DEFAULT);
    }
}
