package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.Jobwatch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The packaged jar, run as a process of its own, so that signals and exit statuses are real. */
final class JobwatchProcess implements AutoCloseable {
    private static final List<String> JAVA = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m");

    private final Process process;
    private final Path output;

    private JobwatchProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a process, without the optimising compiler: in the minute that it lives, that would take more of the processors than it gives.
     *
     * @param output takes what the process prints, standard error included
     */
    static JobwatchProcess start(Path output, Map<String, String> environment, String... arguments) throws IOException {
        List<String> program = new ArrayList<>(ClassArchive.options(jar(), JAVA));
        program.addAll(List.of("-jar", jar().toString()));
        return start(program, output, environment, arguments);
    }

    /** As {@link #start(Path, Map, String...)}, with a class path of the caller's: what is earlier on it hides what is later. */
    static JobwatchProcess startOn(List<Path> classPath, Path output, String... arguments) throws IOException {
        String joined = classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        return start(List.of("-cp", joined, Jobwatch.class.getName()), output, Map.of(), arguments);
    }

    /** {@return the packaged jar} */
    static Path jar() {
        String jar = System.getProperty("jobwatch.jar");
        assertThat(jar).as("system property jobwatch.jar").isNotNull();
        return Path.of(jar);
    }

    private static JobwatchProcess start(List<String> program, Path output, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(program);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new JobwatchProcess(builder.start(), output);
    }

    void awaitOutput(String text, Duration within) {
        Awaitility.await().atMost(within).until(() -> {
            assertThat(process.isAlive() || output().contains(text)).as("the process lives; it printed:%n%s", output()).isTrue();
            return output().contains(text);
        });
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /**
     * Sends any signal.
     *
     * @param name such as {@code STOP}, which halts the process in the middle of whatever it does, and {@code CONT}, which wakes it
     */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).inheritIO().start();
        assertThat(kill.waitFor()).as("status of kill -%s", name).isZero();
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** {@return the exit status} */
    int awaitExit(Duration within) throws InterruptedException, IOException {
        assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)).as("ended within %s; it printed:%n%s", within, output())
                .isTrue();
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }
}
