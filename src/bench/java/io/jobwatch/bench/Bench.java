package io.jobwatch.bench;

import java.util.Arrays;
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

    /**
     * Runs a mode, or several with the word {@code next} between them. Ends with status 0, 1 where the benchmark failed or found wrong
     * work, 2 at a wrong usage; with that of the first mode that did not end well.
     */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Bench());
        line.setExecutionExceptionHandler((failure, command, result) -> {
            if (!(failure instanceof BenchException)) {
                throw failure;
            }
            System.err.println("bench: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        int status = CommandLine.ExitCode.OK;
        int from = 0;
        for (int at = 0; at <= args.length && status == CommandLine.ExitCode.OK; at++) {
            if (at == args.length || args[at].equals("next")) {
                status = line.execute(Arrays.copyOfRange(args, from, at));
                from = at + 1;
            }
        }
        System.exit(status);
    }
}
