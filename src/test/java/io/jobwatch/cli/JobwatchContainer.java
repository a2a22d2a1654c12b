package io.jobwatch.cli;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/** A command in a container of {@linkplain TestImage#JOBWATCH jobwatch's image}. Its memory is bounded. */
final class JobwatchContainer implements AutoCloseable {
    static final String CONFIG = "/etc/jobwatch/jobwatch.yaml";
    private static final int QUERY_PORT = 8080;
    private static final long MEMORY = 640L << 20;

    private final GenericContainer<?> container;

    JobwatchContainer(Network network, String name, String... command) {
        container = new GenericContainer<>(TestImage.JOBWATCH.name())
                .withNetwork(network).withNetworkAliases(name).withCommand(command)
                // In the minute that it lives, the optimising compiler would take more of the processors than it gives.
                .withEnv("JOBWATCH_JAVA_OPTS", "-XX:TieredStopAtLevel=1")
                .withCreateContainerCmdModifier(create -> create.getHostConfig().withMemory(MEMORY))
                .withStartupCheckStrategy(new Started());
    }

    /** A command that ends soon has started, too. */
    private static final class Started extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(DockerClient client, String id) {
            InspectContainerResponse.ContainerState state = getCurrentState(client, id);
            return Boolean.TRUE.equals(state.getRunning()) || "exited".equals(state.getStatus()) ? StartupStatus.SUCCESSFUL
                    : StartupStatus.NOT_YET_KNOWN;
        }
    }

    JobwatchContainer withConfig(String yaml) {
        return withFile(CONFIG, yaml.getBytes(StandardCharsets.UTF_8));
    }

    JobwatchContainer withFile(String path, byte[] content) {
        container.withCopyToContainer(Transferable.of(content, 0644), path);
        return this;
    }

    JobwatchContainer withEnvironment(Map<String, String> variables) {
        container.withEnv(variables);
        return this;
    }

    /** Publishes the port of the queries. */
    JobwatchContainer withQueries() {
        container.withExposedPorts(QUERY_PORT);
        return untilRunning();
    }

    /** The start waits until the roles have started. */
    JobwatchContainer untilRunning() {
        container.waitingFor(Wait.forLogMessage(".* - running .*", 1).withStartupTimeout(Duration.ofMinutes(3)));
        return this;
    }

    JobwatchContainer start() {
        container.start();
        return this;
    }

    GenericContainer<?> container() {
        return container;
    }

    QueryApi queries(String token) {
        return new QueryApi(container.getMappedPort(QUERY_PORT), Optional.of(token));
    }

    /** {@return all that it has printed} */
    String log() {
        return container.getLogs();
    }

    /** {@return the exit status} */
    int awaitExit(Duration within) {
        try (WaitContainerResultCallback waiting = DockerEngine.client().waitContainerCmd(container.getContainerId()).start()) {
            return waiting.awaitStatusCode(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isRunning() {
        return container.isRunning();
    }

    /** {@return what a program in the container prints} */
    String execute(String... command) throws IOException, InterruptedException {
        return container.execInContainer(command).getStdout();
    }

    @Override
    public void close() {
        container.close();
    }
}
