package io.jobwatch.bench;

import io.jobwatch.config.AmsV2Options;
import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.Reading;
import io.jobwatch.config.RegistryConfig;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.poll.PollMetrics;
import io.jobwatch.poll.Poller;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.source.JobSources;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The child that polls, put together as an instance with the role {@code poll} is. Stops when its standard input ends. */
@Command(name = "poller", hidden = true)
final class PollerCommand implements Callable<Integer> {
    static final String STARTED = "started";

    @Option(names = "--bootstrap", required = true)
    private String bootstrap;
    @Option(names = "--registry", required = true)
    private String registryUrl;
    @Option(names = "--partitions", required = true)
    private int partitions;
    @Option(names = "--prefix", required = true)
    private String prefix;
    @Option(names = "--url", required = true)
    private List<URI> urls;
    @Option(names = "--interval-millis", required = true)
    private long intervalMillis;
    @Option(names = "--reading", required = true)
    private Reading reading;

    @Override
    public Integer call() throws IOException {
        TopicNames topics = new TopicNames(prefix);
        Clock clock = Clock.systemUTC();
        List<SourceConfig> sources = IntStream.range(0, urls.size()).mapToObj(this::source).toList();
        try (SchemaRegistry registry = SchemaRegistries.of(new RegistryConfig(registryUrl, 0, Map.of())).open();
             Poller poller = new Poller(sources, source -> JobSources.create(source, clock), Map.of("bootstrap.servers", bootstrap),
                     "bench-poll", "bench", topics, partitions,
                     TopicSchemas.register(registry, TopicSpec.all(topics, partitions)),
                     new PollMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)), clock)) {
            poller.start();
            System.out.println(new Facts(STARTED, Map.of()));
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        return 0;
    }

    private SourceConfig source(int account) {
        return new SourceConfig("source-" + account, "ams-v2", urls.get(account), "bench", Optional.empty(),
                Duration.ofMillis(intervalMillis), Duration.ofSeconds(30), Duration.ofSeconds(60), new StartFrom.Now(),
                new AuthConfig.None(), Duration.ofMillis(intervalMillis), Optional.empty(), Optional.empty(), new AmsV2Options(reading));
    }
}
