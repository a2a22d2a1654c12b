package io.jobwatch.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmark's command line. Tables go to standard output, everything else to standard error. */
@Command(name = "bench", description = "Measures jobwatch's topology.", mixinStandardHelpOptions = true,
        subcommands = {ThroughputCommand.class, ScaleCommand.class, LatencyCommand.class, PollingCommand.class, QueriesCommand.class,
                ProfileCommand.class, BrokerCommand.class, ContestantCommand.class, PollerCommand.class,
                ViewerCommand.class, BareServerCommand.class, QueryLoadCommand.class})
public final class Bench {

    private Bench() {
    }

    /** Ends with status 0, 1 where the benchmark failed or found wrong work, 2 at a wrong usage. */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Bench());
        line.setExecutionExceptionHandler((failure, command, result) -> {
            if (!(failure instanceof BenchException)) {
                throw failure;
            }
            System.err.println("bench: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(line.execute(args));
    }
}
