package io.jobwatch.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** Confluent's client on a real registry. */
class ConfluentOnApicurioIT extends ApicurioContract {
    @Override
    SchemaRegistry open(URI url) {
        return new ConfluentProvider().open(List.of(url), Map.of(), RegistryTimeouts.DEFAULT);
    }
}
