package io.jobwatch.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;

class BuiltInProxyTest extends RegistryProxyContract {
    @Override
    SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return new HttpSchemaRegistry(urls, properties, timeouts);
    }

    @Override
    Map<String, String> header() {
        return Map.of("request.header.X-Key", "k3y");
    }
}
