package io.jobwatch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options of every measurement, and where its result goes. */
final class Common {
    /** The launcher's collector, and a heap that does not grow meanwhile. */
    static final String FIXED_HEAP = "-XX:+UseSerialGC -Xms1g -Xmx1g";
    /** The launcher's collector, and a heap that grows as it is needed. */
    static final String GROWING_HEAP = "-XX:+UseSerialGC -Xmx1g";

    @Option(names = "--work-dir", defaultValue = "target/bench", paramLabel = "DIR",
            description = "Folder for data and logs (default: ${DEFAULT-VALUE}); a folder is made in it for each run.")
    private Path workDir;

    @Option(names = "--partitions", defaultValue = "6", description = "Partitions of each topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--jvm", split = " ", paramLabel = "FLAGS",
            description = "Options of every contestant's JVM (default: ${DEFAULT-VALUE}; the collector is the launcher's).")
    private List<String> jvmFlags;

    @Option(names = "--property", paramLabel = "KEY=VALUE",
            description = "A further Kafka Streams setting for every contestant, such as producer.batch.size=262144.")
    private Map<String, String> properties = new TreeMap<>();

    @Option(names = "--record", paramLabel = "FILE", description = "Also put the result into this file, in the place of the one before.")
    private Path record;

    /** @param jvmFlags where none are given */
    Common(String jvmFlags) {
        this.jvmFlags = List.of(jvmFlags.split(" "));
    }

    int partitions() {
        return partitions;
    }

    List<String> jvmFlags() {
        return jvmFlags;
    }

    Map<String, String> properties() {
        return properties;
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

    /**
     * Prints a result, with where it was measured, and records it where that was asked for.
     *
     * @param section names the result in the file
     */
    void publish(String section, String markdown) {
        String whole = Surroundings.here().describe() + " Contestants' JVM: `" + String.join(" ", jvmFlags) + "`"
                + (properties.isEmpty() ? "" : "; settings of all: `" + properties + "`") + ".\n\n" + markdown;
        System.out.print(whole);
        if (record != null) {
            ResultsFile.replace(record, section, whole);
        }
    }
}
