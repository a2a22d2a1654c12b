package io.jobwatch.bench;

import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The child that is the broker, and the registry with it. Says where they are, and stops when its standard input ends. */
@Command(name = "broker", hidden = true)
final class BrokerCommand implements Callable<Integer> {
    /** The line that says where they are. */
    static final String READY = "ready";

    @Option(names = "--data-dir", required = true)
    private Path dataDir;

    @Override
    public Integer call() throws IOException {
        try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0);
             EmbeddedRegistry registry = EmbeddedRegistry.start(Map.of("bootstrap.servers", broker.bootstrapServers()), "127.0.0.1", 0)) {
            System.out.println(new Facts(READY, Map.of("bootstrap", broker.bootstrapServers(), "registry", registry.url())));
            while (System.in.read() >= 0) {
                // Nothing is said to it: it waits for the end.
            }
        }
        return 0;
    }
}
