package io.jobwatch.poll;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Configured sources for tests. */
final class Sources {
    private Sources() {
    }

    static SourceConfig source(String name, StartFrom startFrom) {
        return source(name, startFrom, Duration.ofMillis(100), Duration.ofSeconds(60));
    }

    static SourceConfig source(String name, StartFrom startFrom, Duration interval, Duration detailsTimeout) {
        return new SourceConfig(name, "ams-v2", URI.create("http://127.0.0.1:1"), "contoso", Optional.of("westeurope"), interval,
                Duration.ofSeconds(5), detailsTimeout, startFrom, new AuthConfig.None());
    }
}
