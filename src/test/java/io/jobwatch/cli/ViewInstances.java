package io.jobwatch.cli;

import io.jobwatch.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Starts processes of the packaged jar: one that is the broker and the registry and does next to nothing else, and instances that process
 * and answer queries. Each finds its data and its port again when it is started again.
 */
final class ViewInstances {
    private final Path folder;
    private final int kafkaPort = Ports.free();
    private final int registryPort = Ports.free();
    private final Map<String, Integer> ports = new HashMap<>();
    private int starts;

    ViewInstances(Path folder) {
        this.folder = folder;
    }

    Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort);
    }

    String registryUrl() {
        return "http://127.0.0.1:" + registryPort;
    }

    /** {@return the port of an instance's answers} */
    int port(String name) {
        return ports.computeIfAbsent(name, instance -> Ports.free());
    }

    JobwatchProcess launchCluster() throws IOException {
        return launch("cluster", """
                roles: [report]
                kafka: {bootstrap-servers: embedded, embedded-port: %d}
                schema-registry: {url: embedded, embedded-port: %d}
                report: {console: "off"}
                """.formatted(kafkaPort, registryPort));
    }

    JobwatchProcess launch(String name) throws IOException {
        return launch(name, """
                roles: [process, query]
                kafka: {bootstrap-servers: "127.0.0.1:%d"}
                schema-registry: {url: "%s"}
                query: {port: %d}
                process:
                  properties:
                    # Partitions come back at once, and not only after a copy of their state has caught up beside the running one.
                    acceptable.recovery.lag: 1000000
                """.formatted(kafkaPort, registryUrl(), port(name)));
    }

    private JobwatchProcess launch(String name, String configuration) throws IOException {
        Path config = Files.writeString(folder.resolve(name + ".yaml"), "application-id: views\ndata-dir: " + folder.resolve(name) + "\n"
                + configuration);
        return JobwatchProcess.start(folder.resolve(name + "-output-" + ++starts), Map.of(), "run", "-c", config.toString());
    }
}
