package io.jobwatch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of every measurement. */
final class Common {
    @Option(names = "--work-dir", defaultValue = "target/bench", paramLabel = "DIR",
            description = "Folder for data and logs (default: ${DEFAULT-VALUE}); a folder is made in it for each run.")
    private Path workDir;

    @Option(names = "--partitions", defaultValue = "6", description = "Partitions of each topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--jvm", split = " ", defaultValue = "-XX:+UseSerialGC -Xms1g -Xmx1g", paramLabel = "FLAGS",
            description = "Options of every contestant's JVM (default: ${DEFAULT-VALUE}).")
    private List<String> jvmFlags;

    int partitions() {
        return partitions;
    }

    List<String> jvmFlags() {
        return jvmFlags;
    }

    /** {@return a new folder, for one run} */
    Path newFolder() {
        try {
            Files.createDirectories(workDir);
            return Files.createTempDirectory(workDir.toAbsolutePath(), "run-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder in " + workDir, e);
        }
    }
}
