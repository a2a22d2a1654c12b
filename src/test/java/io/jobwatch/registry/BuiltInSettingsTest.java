package io.jobwatch.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;

class BuiltInSettingsTest extends RegistrySettingsContract {
    @Override
    SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return new HttpSchemaRegistry(urls, properties, timeouts);
    }
}
