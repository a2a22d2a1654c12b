package io.jobwatch.source.ams;

import io.jobwatch.config.AmsV3Options;
import io.jobwatch.config.AmsV3Options.Dialect;
import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.Reading;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Configurations of the type ams-v3. */
final class AmsV3Sources {
    private AmsV3Sources() {
    }

    static SourceConfig config(String name, URI url, String token, AmsV3Options options) {
        return new SourceConfig(name, "ams-v3", url, "contoso", Optional.empty(), SourceConfig.DEFAULT_POLL_INTERVAL,
                SourceConfig.DEFAULT_REQUEST_TIMEOUT, SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.All(),
                new AuthConfig.Bearer(new Secret(token)), SourceConfig.DEFAULT_POLL_INTERVAL, Optional.empty(), Optional.empty(), options);
    }

    /** @param transforms none to have the service list them */
    static AmsV3Options options(Dialect dialect, Reading reading, String... transforms) {
        return new AmsV3Options(dialect, List.of(transforms),
                dialect == Dialect.ARM ? Optional.of(AmsV3Options.DEFAULT_API_VERSION) : Optional.empty(), reading);
    }
}
