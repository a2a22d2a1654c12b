package io.jobwatch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Starts instances of the packaged jar that do nothing but poll the sources of a service, all of them the same ones. */
final class PollInstances {
    static final String APPLICATION_ID = "campaign";

    private final Path folder;
    private final String bootstrapServers;
    private final String registryUrl;
    private final ChangingService service;
    private int launched;

    PollInstances(Path folder, String bootstrapServers, String registryUrl, ChangingService service) {
        this.folder = folder;
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.service = service;
    }

    /** {@return the name of the instance that is started next, by which the service knows it} */
    String next() {
        return "instance-" + (launched + 1);
    }

    JobwatchProcess launch() throws IOException {
        String name = next();
        launched++;
        String sources = service.sources().keySet().stream().sorted().map(source ->
                "  - {name: %s, type: ams-v2, url: \"%s\", account: contoso, poll-interval: 1s, start-from: all,\n     %s}\n".formatted(
                        source, service.url(source), "auth: {type: headers, headers: {" + ChangingService.INSTANCE + ": " + name + "}}"))
                .collect(Collectors.joining());
        Path config = Files.writeString(folder.resolve(name + ".yaml"), """
                application-id: %s
                data-dir: %s
                roles: [poll]
                kafka: {bootstrap-servers: "%s"}
                schema-registry: {url: "%s"}
                sources:
                %s""".formatted(APPLICATION_ID, folder.resolve(name), bootstrapServers, registryUrl, sources));
        return JobwatchProcess.start(folder.resolve(name + "-output"), Map.of(), "run", "-c", config.toString());
    }
}
