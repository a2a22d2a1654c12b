package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real Slurm of one node, started and stopped by the scripts in {@code ops/slurm}, and its own commands to drive it. */
final class SlurmCluster implements AutoCloseable {
    private static final Path SCRIPTS = Path.of("ops", "slurm").toAbsolutePath();
    private static final Pattern FIELD = Pattern.compile("(?:^|\\s)(\\w+)=(\\S*)");

    private final Path folder;
    private final Properties settings;

    private SlurmCluster(Path folder, Properties settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /** Slurm cannot be had on this machine; the message says why. */
    static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message) {
            super(message);
        }
    }

    /** @param install whether packages of the system may be installed for it; without, it must be there */
    static SlurmCluster start(boolean install) throws UnavailableException, IOException, InterruptedException {
        // Not below java.io.tmpdir, which may be long: the sockets in the folder have short paths only. nobody must be able to pass.
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "slurm-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        try {
            if (install) {
                require(run(folder, Map.of(), SCRIPTS.resolve("install.sh").toString()));
            }
            require(run(folder, Map.of(), SCRIPTS.resolve("start.sh").toString(), folder.toString()));
            Properties settings = new Properties();
            try (Reader reader = Files.newBufferedReader(folder.resolve("env"))) {
                settings.load(reader);
            }
            return new SlurmCluster(folder, settings);
        } catch (UnavailableException | IOException | InterruptedException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    private static void require(Result result) throws UnavailableException {
        if (result.status() != 0) {
            throw new UnavailableException(result.output().strip());
        }
    }

    /** {@return a value of the settings that start.sh writes} */
    String setting(String name) {
        return settings.getProperty(name);
    }

    /** {@return the id of a new batch job that runs the shell script} */
    String submit(String name, String script, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sbatch", "--parsable", "--output=/dev/null", "--job-name=" + name));
        command.addAll(List.of(options));
        command.add("--wrap=" + script);
        return command(command.toArray(String[]::new)).strip();
    }

    /** Runs a command of Slurm, which must succeed. @return what it printed */
    String command(String... command) throws IOException, InterruptedException {
        // SLURM_CONF alone: with SLURM_JWT in its environment a command would use the token, and its job inherit it.
        Result result = run(folder, Map.of("SLURM_CONF", setting("SLURM_CONF"), "TZ", "UTC"), command);
        assertThat(result.status()).as("status of %s, which printed:%n%s", List.of(command), result.output()).isZero();
        return result.output();
    }

    /** {@return what {@code scontrol show job} tells, by jobwatch's ids; its times are in UTC} */
    Map<String, Map<String, String>> jobs() throws IOException, InterruptedException {
        Map<String, Map<String, String>> jobs = new LinkedHashMap<>();
        for (String line : command("scontrol", "--oneliner", "show", "job").lines().filter(line -> line.startsWith("JobId=")).toList()) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (Matcher field = FIELD.matcher(line); field.find();) {
                fields.put(field.group(1), field.group(2));
            }
            String array = fields.get("ArrayJobId");
            jobs.put(array == null ? fields.get("JobId") : array + "_" + fields.get("ArrayTaskId"), fields);
        }
        return jobs;
    }

    /** {@return the processes of this cluster: its daemons and what they started, all of which run below its folder} */
    List<String> processes() {
        return ProcessHandle.allProcesses().filter(this::isBelowFolder).map(process -> process.pid() + " "
                + process.info().command().orElse("")).toList();
    }

    private boolean isBelowFolder(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")).startsWith(folder);
        } catch (IOException e) {
            return false;   // it has ended
        }
    }

    /** Ends the daemons and the jobs that still run, and removes the folder. */
    @Override
    public void close() throws IOException, InterruptedException {
        Result result = run(Path.of("/"), Map.of(), SCRIPTS.resolve("stop.sh").toString(), folder.toString());
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(processes()).as("processes that outlive stop.sh").isEmpty();
        delete(folder);
    }

    private record Result(int status, String output) {
    }

    private static Result run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        File output = Files.createTempFile("slurm-command", ".out").toFile();
        try {
            // A file and not a pipe: a daemon that keeps the pipe open would keep the reader waiting.
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                    .redirectErrorStream(true).redirectOutput(output);
            builder.environment().keySet().removeIf(name -> name.startsWith("SLURM_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                boolean ended = process.waitFor(5, TimeUnit.MINUTES);
                return new Result(ended ? process.exitValue() : -1, Files.readString(output.toPath(), StandardCharsets.UTF_8));
            } finally {
                process.destroy();
            }
        } finally {
            Files.delete(output.toPath());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
