package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;

/**
 * A container of {@linkplain TestImage#JOBWATCH the application's image}, held as closely as an operator may hold it: the root file system
 * read-only, no capabilities, no new privileges, little memory.
 */
final class ImageRun implements AutoCloseable {
    static final String DATA = "/var/lib/jobwatch";
    static final long MEMORY = 512L << 20;

    private static final Duration WITHIN = Duration.ofMinutes(3);

    private final Held container = new Held();
    private long memory = MEMORY;
    private String volume;

    private static final class Held extends GenericContainer<Held> {
        private Path config;

        Held() {
            super(TestImage.JOBWATCH.name());
        }

        @Override
        protected void containerIsCreated(String id) {
            if (config != null) {
                // A volume is where a file can be laid into a container whose root file system is read-only.
                client().copyArchiveToContainerCmd(id).withHostResource(config.toString()).withRemotePath(DATA).exec();
            }
        }
    }

    ImageRun(String... command) {
        container.withCommand(command).withCreateContainerCmdModifier(create -> {
            Objects.requireNonNull(create.getHostConfig()).withReadonlyRootfs(true).withCapDrop(Capability.ALL)
                    .withSecurityOpts(List.of("no-new-privileges")).withMemory(memory).withMemorySwap(memory);
            if (volume != null) {
                create.getHostConfig().withBinds(new Bind(volume, new Volume(DATA)));
            }
            // The image's own check, more often.
            create.withHealthcheck(new HealthCheck().withInterval(Duration.ofSeconds(1).toNanos()));
        });
    }

    /** {@return an instance that runs the configuration in this file, with the volume of this name} */
    static ImageRun instance(Path config, String volume) {
        ImageRun run = new ImageRun("run", "-c", DATA + "/" + config.getFileName());
        run.volume = volume;
        run.container.config = config;
        return run;
    }

    ImageRun withMemory(long bytes) {
        memory = bytes;
        return this;
    }

    ImageRun withEnvironment(String name, String value) {
        container.withEnv(name, value);
        return this;
    }

    /** Takes the volume away: the data folder is part of the read-only root file system's, and of another user. */
    ImageRun withForeignDataFolder() {
        container.withTmpFs(Map.of(DATA, "mode=755"));
        return this;
    }

    ImageRun start() {
        container.start();
        return this;
    }

    /** Runs the command to its end. {@return what it printed} */
    String toItsEnd() {
        container.withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(WITHIN));
        container.start();
        return container.getLogs();
    }

    /** Runs a command that fails. {@return its exit status} */
    long toItsFailure() {
        // Testcontainers would take the container away before its log was read.
        container.withStartupCheckStrategy(new StartupCheckStrategy() {
            @Override
            public StartupStatus checkStartupState(DockerClient client, String id) {
                return StartupStatus.SUCCESSFUL;
            }
        });
        container.start();
        Awaitility.await().alias("end of " + container.getContainerId()).atMost(WITHIN)
                .until(() -> "exited".equals(state().getStatus()));
        return state().getExitCodeLong();
    }

    /** {@return what a command in the container printed; it may not fail} */
    String exec(String... command) throws IOException, InterruptedException {
        ExecResult result = container.execInContainer(command);
        if (result.getExitCode() != 0) {
            throw new AssertionError(String.join(" ", command) + " exited with " + result.getExitCode() + ":\n" + result.getStdout()
                    + result.getStderr());
        }
        return result.getStdout();
    }

    void signal(String name) {
        client().killContainerCmd(container.getContainerId()).withSignal(name).exec();
    }

    void awaitHealth(String status) {
        Awaitility.await().atMost(WITHIN).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            InspectContainerResponse.ContainerState state = state();
            assertThat(state.getHealth()).isNotNull();
            assertThat(state.getHealth().getStatus()).as("health of %s", state).isEqualTo(status);
        });
    }

    /** Asks it to end as {@code docker stop} does, and waits for at most the time that this gives. {@return the exit status} */
    long stop() {
        client().stopContainerCmd(container.getContainerId()).withTimeout(30).exec();
        return state().getExitCodeLong();
    }

    InspectContainerResponse.ContainerState state() {
        return inspect().getState();
    }

    InspectContainerResponse inspect() {
        return client().inspectContainerCmd(container.getContainerId()).exec();
    }

    String logs() {
        return container.getLogs();
    }

    static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    @Override
    public void close() {
        container.stop();
    }
}
