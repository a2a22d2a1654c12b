package io.jobwatch.bench;

import io.jobwatch.cli.CommandLineInterface;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/** The child that is asked: jobwatch itself with a configuration. Tells its memory when asked, stops when its standard input ends. */
@Command(name = "viewer", hidden = true)
final class ViewerCommand implements Callable<Integer> {
    /** The command and its answer: the {@code heap} that is in use after a collection, in bytes. */
    static final String MEMORY = "memory";

    @Option(names = "--config", required = true)
    private Path config;

    @Override
    public Integer call() {
        Thread commands = new Thread(ViewerCommand::obey, "commands");
        commands.setDaemon(true);
        commands.start();
        return CommandLineInterface.run("run", "-c", config.toString());
    }

    private static void obey() {
        try {
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                System.out.println(new Facts(command, Map.of("heap", Long.toString(runtime.totalMemory() - runtime.freeMemory()))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read commands", e);
        }
        Signal.raise(new Signal("TERM"));
    }
}
