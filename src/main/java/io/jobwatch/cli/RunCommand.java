package io.jobwatch.cli;

import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.Role;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "run", mixinStandardHelpOptions = true, description = "Runs the roles of the configuration until SIGINT or SIGTERM.",
        footer = {"", "Example:", "  jobwatch run -c jobwatch.yaml"})
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private ConfigFile file;

    @Override
    public Integer call() {
        JobwatchConfig config = file.load();
        Stop stop = Stop.onSignals();
        stop.starting();
        try (Instance instance = Instance.start(config, System.out, Clock.systemUTC(), connections -> { })) {
            stop.started();
            LOG.info("running {} with {} sources; kafka {}, registry {}{}",
                    config.roles().stream().sorted().map(Role::word).collect(Collectors.joining(", ")), config.sources().size(),
                    instance.connections().bootstrapServers(), instance.connections().registryUrl(),
                    instance.queryUrl().map(url -> ", console " + url)
                            .or(() -> instance.operationsUrl().map(url -> ", health and metrics " + url)).orElse(""));
            stop.await();
            LOG.info("stopping");
        } catch (RuntimeException e) {
            if (stop.wished()) {
                return 0;   // what failed was interrupted by the wish to end
            }
            throw e;
        }
        return 0;
    }
}
