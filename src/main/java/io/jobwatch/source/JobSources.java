package io.jobwatch.source;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.source.ams.AmsV2Source;
import io.jobwatch.source.ams.AmsV3Source;
import io.jobwatch.source.http.HttpJsonSource;
import io.jobwatch.source.slurm.SlurmSource;
import java.time.Clock;

/** Makes the source that a configuration names. */
public final class JobSources {
    private JobSources() {
    }

    /** {@return as {@link #create(SourceConfig, Clock, RequestLimits)}, a source that shares no limit with others} */
    public static JobSource create(SourceConfig config, Clock clock) {
        return create(config, clock, RequestLimits.alone(config));
    }

    /**
     * @param limits those of all sources that run together
     * @return a source that has not asked its service for anything yet
     * @throws ConfigException if there is no such type, or its url or auth cannot be used
     */
    public static JobSource create(SourceConfig config, Clock clock, RequestLimits limits) {
        return switch (config.type()) {
            case "ams-v2" -> new AmsV2Source(config, clock, limits);
            case "ams-v3" -> new AmsV3Source(config, clock, limits);
            case "slurm" -> new SlurmSource(config, clock, limits);
            case "http-json" -> new HttpJsonSource(config, clock, limits);
            default -> throw new ConfigException("source " + config.name() + ": type: \"" + Printable.quote(config.type())
                    + "\" is not supported; allowed are ams-v2, ams-v3, slurm and http-json");
        };
    }
}
