package io.jobwatch.cli;

import static org.awaitility.Awaitility.await;

import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.JobHistory;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** The simulated encoder in a container of its own. What will have happened to its jobs is known from the seed alone. */
final class SimulatedEncoder implements AutoCloseable {
    static final String URL = "http://encoder:8088/api";

    private final JobwatchContainer container;
    private final List<JobHistory> truth;

    /** @param more options of the command simulate */
    SimulatedEncoder(Network network, int jobs, long seed, double speed, String... more) {
        List<String> command = new ArrayList<>(List.of("simulate", "--host", "0.0.0.0", "--port", "8088", "--jobs", Integer.toString(jobs),
                "--seed", Long.toString(seed), "--speed", Double.toString(speed)));
        command.addAll(List.of(more));
        container = new JobwatchContainer(network, "encoder", command.toArray(String[]::new));
        container.container().waitingFor(Wait.forLogMessage("simulated encoder at .*", 1).withStartupTimeout(Duration.ofMinutes(3)));
        try (EncoderSimulator same = EncoderSimulator.start(SimulatorSettings.of(jobs, seed, 10_000))) {
            await().atMost(Duration.ofSeconds(10)).until(same::allDone);
            truth = same.history();
        }
    }

    JobwatchContainer container() {
        return container;
    }

    /** {@return what has happened to each job once the last one has ended} */
    List<JobHistory> truth() {
        return truth;
    }

    @Override
    public void close() {
        container.close();
    }
}
