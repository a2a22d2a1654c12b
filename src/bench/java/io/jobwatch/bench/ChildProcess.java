package io.jobwatch.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that runs a command of the benchmark on this process' class path. Its standard output is a protocol of {@link Facts
 * lines}, its standard error goes to a file. It ends when its standard input does, so it never outlives this process. One thread.
 */
final class ChildProcess implements AutoCloseable {
    private static final String END = "";
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

    private final String name;
    private final Path log;
    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread reader = new Thread(this::readLines, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a child.
     *
     * @param name      for messages
     * @param log       file for its standard error
     * @param jvmFlags  options of the JVM
     * @param arguments of {@link Bench}
     */
    static ChildProcess start(String name, Path log, List<String> jvmFlags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            return new ChildProcess(name, log, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /**
     * Waits for a line of the child.
     *
     * @return what the line tells
     * @throws BenchException if the child ends or does not say it within the limit
     */
    Facts await(String word, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                String line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new BenchException(name + " did not say '" + word + "' within " + limit.toSeconds() + " s; see " + log);
                }
                if (line.equals(END)) {
                    throw new BenchException(name + " ended before it said '" + word + "'; see " + log);
                }
                if (line.equals(word) || line.startsWith(word + " ")) {
                    return Facts.parse(line);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while waiting for " + name);
        }
    }

    /** Sends a command and waits for the line that answers it. */
    Facts ask(String command) {
        write(command);
        return await(command, Duration.ofSeconds(30));
    }

    private void write(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new BenchException(name + " takes no commands (" + e.getMessage() + "); see " + log);
        }
    }

    /** Sends a command with its facts and waits for the line of the same word that answers it. */
    Facts ask(Facts command, Duration limit) {
        write(command.toString());
        return await(command.word(), limit);
    }

    /** {@return the processor time it has taken since its start, of all its threads} */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow(() -> new BenchException("the system does not tell the CPU time of " + name));
    }

    /** {@return its processor time by threads} */
    ThreadTimes threadTimes() {
        return ThreadTimes.of(process.pid());
    }

    /** {@return the memory it holds now, in bytes; 0 where the system has no {@code /proc}} */
    long residentBytes() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (var found = Files.lines(status)) {
            return found.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024).findFirst().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + status, e);
        }
    }

    /** @throws BenchException if it has ended by itself */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchException(name + " ended with status " + process.exitValue() + "; see " + log);
        }
    }

    /** Ends it at once (SIGKILL), as a crash would. */
    void kill() {
        process.destroyForcibly();
    }

    /** Ends its input, waits for it to stop by itself, and kills it if it does not. */
    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            // It has ended already: its end of the pipe is closed.
            process.destroyForcibly();
        }
        try {
            if (!process.waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchException(name + " did not stop within " + STOPS_WITHIN.toSeconds() + " s and was killed; see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private void readLines() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            Progress.note(name + ": its output broke off: " + e.getMessage());
        } finally {
            lines.add(END);
        }
    }
}
