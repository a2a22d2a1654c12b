package io.jobwatch.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** The built-in client on a real registry. */
class ApicurioIT extends ApicurioContract {
    @Override
    SchemaRegistry open(URI url) {
        return new HttpSchemaRegistry(List.of(url), Map.of());
    }
}
