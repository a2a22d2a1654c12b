package io.jobwatch.cli;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** Apicurio Registry, its data in memory, in a container of {@link TestImage#REGISTRY}. */
final class RegistryContainer implements AutoCloseable {
    static final String URL = "http://registry:8080" + RegistryContainer.PATH;
    private static final String PATH = "/apis/ccompat/v7";

    private final GenericContainer<?> container;

    RegistryContainer(Network network) {
        container = new GenericContainer<>(TestImage.REGISTRY.name())
                .withNetwork(network).withNetworkAliases("registry").withExposedPorts(8080)
                .waitingFor(Wait.forHttp(PATH + "/subjects").withStartupTimeout(Duration.ofMinutes(3)));
    }

    GenericContainer<?> container() {
        return container;
    }

    /** {@return where this JVM finds it} */
    String fromHere() {
        return "http://" + container.getHost() + ":" + container.getMappedPort(8080) + PATH;
    }

    @Override
    public void close() {
        container.close();
    }
}
