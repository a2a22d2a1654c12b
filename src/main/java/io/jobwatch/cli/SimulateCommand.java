package io.jobwatch.cli;

import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.Fault;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "simulate", mixinStandardHelpOptions = true,
        description = "Runs a simulated encoding service that speaks the Media Services v2 protocol, until SIGINT or SIGTERM.",
        footer = {"", "Example:", "  jobwatch simulate --port 8088 --jobs 1000 --speed 10"})
final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--host", defaultValue = SimulatorSettings.LOOPBACK, description = "Address to listen on (default ${DEFAULT-VALUE}).")
    private String host;

    @Option(names = "--port", defaultValue = "0", description = "TCP port; 0, the default, takes any free one.")
    private int port;

    @Option(names = "--jobs", defaultValue = "50", description = "How many jobs arrive in all (default ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(names = "--seed", defaultValue = "1", description = "Determines ids, names, times and outcomes (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--speed", defaultValue = "1", description = "How much faster than life (default ${DEFAULT-VALUE}).")
    private double speed;

    @Option(names = "--faults", defaultValue = "", paramLabel = "LIST", description = Fault.HELP)
    private String faults;

    @Override
    public Integer call() {
        Stop stop = Stop.onSignals();
        try (EncoderSimulator simulator = EncoderSimulator.start(settings())) {
            System.out.println("simulated encoder at " + simulator.url() + " (type ams-v2), " + jobs + " jobs, seed " + seed);
            stop.await();
        }
        return 0;
    }

    private SimulatorSettings settings() {
        try {
            Set<Fault> chosen = Fault.parse(faults);
            double rate = chosen.isEmpty() ? 0 : Math.min(SimulatorSettings.DEFAULT_FAULT_RATE, 1.0 / chosen.size());
            return new SimulatorSettings(host, port, jobs, seed, speed, chosen, rate, Optional.empty(), false);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
        }
    }
}
