package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.ContainerConfig;
import io.jobwatch.MachineNetworks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The application's image does what its README says. {@link DockerEngine#require} says when it is skipped. */
@ExtendWith(MachineNetworks.Change.class)
class ImageIT {
    private static final Pattern MAX_HEAP = Pattern.compile("\\bMaxHeapSize\\s*=\\s*(\\d+)");
    private static final String CONFIG = """
            data-dir: /var/lib/jobwatch/data
            kafka: {embedded-port: 0, properties: {compression.type: zstd}}
            schema-registry: {embedded-port: 0}
            sources: []
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void requireImage() throws InterruptedException {
        DockerEngine.require(ImageIT.class, TestImage.JOBWATCH);
    }

    @Test
    void shouldSayWhatItIs() {
        String image = TestImage.JOBWATCH.name().asCanonicalNameString();
        ContainerConfig config = Objects.requireNonNull(ImageRun.client().inspectImageCmd(image).exec().getConfig());

        assertThat(config.getUser()).isEqualTo("10001:10001");
        assertThat(Objects.requireNonNull(config.getVolumes()).keySet()).containsExactly(ImageRun.DATA);
        assertThat(Objects.requireNonNull(config.getExposedPorts())).extracting(Object::toString).containsExactly("8080/tcp");
        assertThat(config.getEntrypoint()).containsExactly("/opt/jobwatch/jobwatch");
        assertThat(config.getCmd()).containsExactly("run", "-c", "/etc/jobwatch/jobwatch.yaml");
        Map<String, String> labels = Objects.requireNonNull(config.getLabels());
        assertThat(labels).containsEntry("org.opencontainers.image.title", "jobwatch")
                .containsEntry("org.opencontainers.image.licenses", "Apache-2.0")
                .containsKeys("org.opencontainers.image.description", "org.opencontainers.image.source",
                        "org.opencontainers.image.created", "org.opencontainers.image.revision");
        try (ImageRun version = new ImageRun("--version")) {
            assertThat(version.toItsEnd().strip()).isEqualTo("jobwatch " + labels.get("org.opencontainers.image.version"));
        }
    }

    @Test
    void shouldRunEachCommandAndSimulate() throws Exception {
        try (ImageRun simulator = new ImageRun("simulate", "--host", "0.0.0.0", "--port", "8088", "--jobs", "3").start()) {
            for (String command : CommandLineInterface.commandLine().getSubcommands().keySet()) {
                assertThat(simulator.exec("jobwatch", command, "--help")).as(command).startsWith("Usage: ");
            }
            // A command that is no instance is well while it runs.
            simulator.awaitHealth("healthy");
            assertThat(simulator.logs()).contains("simulated encoder at http://");
            assertThat(simulator.stop()).isZero();
        }
    }

    @Test
    void shouldRunTheDemo() {
        try (ImageRun demo = new ImageRun("demo", "--jobs", "10", "--speed", "20", "--exit-when-done")) {
            assertThat(demo.toItsEnd()).contains("The topics and the simulator agree.");
            assertThat(demo.state().getExitCodeLong()).isZero();
        }
    }

    @Test
    void shouldKeepItsDataInTheVolumeAndEndCleanly() throws Exception {
        Path config = Files.writeString(folder.resolve("jobwatch.yaml"), CONFIG);
        Path mute = Files.writeString(folder.resolve("mute.yaml"), CONFIG + "roles: [poll, process, report]\n");
        Path mutePort = Files.writeString(folder.resolve("mute-port.yaml"), CONFIG + "roles: [poll]\nquery: {health-port: 8080}\n");
        String volume = "image-it-" + UUID.randomUUID();
        String cluster;
        try {
            try (ImageRun first = ImageRun.instance(config, volume)
                    .withEnvironment("JOBWATCH_JAVA_OPTS", "-Xlog:class+load:file=/var/lib/jobwatch/classes-%p.log").start()) {
                first.awaitHealth("healthy");
                assertThat(first.exec("id", "-u").strip()).isEqualTo("10001");
                assertThat(first.exec("cat", "/proc/1/cmdline")).startsWith("java\0").contains("\0-jar\0");
                assertThat(first.exec("jobwatch", "summary")).isNotBlank();
                // What it loaded at its start was archived: all but a few hundred classes, which are made while it runs.
                List<String> loads = first.exec("cat", "/var/lib/jobwatch/classes-1.log").lines().toList();
                assertThat(loads).hasSizeGreaterThan(5_000);
                assertThat(loads).filteredOn(line -> line.contains("shared objects file")).hasSizeGreaterThan(loads.size() * 8 / 10);
                cluster = first.exec("cat", "/var/lib/jobwatch/data/kafka/logs/meta.properties");

                // An instance that does nothing more, and one that does again.
                first.signal("STOP");
                first.awaitHealth("unhealthy");
                first.signal("CONT");
                first.awaitHealth("healthy");

                assertThat(first.stop()).isZero();
                assertThat(first.logs()).contains("RunCommand - stopping");
                assertThat(first.state().getOOMKilled()).isFalse();
            }
            try (ImageRun second = ImageRun.instance(config, volume).start()) {
                second.awaitHealth("healthy");
                assertThat(second.exec("cat", "/var/lib/jobwatch/data/kafka/logs/meta.properties")).isEqualTo(cluster);
                // Killed, it leaves nothing that keeps the next one from starting.
                second.signal("KILL");
            }
            try (ImageRun withoutQueries = ImageRun.instance(mute, volume).start()) {
                withoutQueries.awaitHealth("healthy");
                assertThat(withoutQueries.exec("/opt/jobwatch/healthcheck")).contains("nothing to ask");
                assertThat(withoutQueries.stop()).isZero();
            }
            try (ImageRun withHealth = ImageRun.instance(mutePort, volume).start()) {
                withHealth.awaitHealth("healthy");
                assertThat(withHealth.exec("/opt/jobwatch/healthcheck", "live")).contains("live: HTTP/1.1 200");
                assertThat(withHealth.stop()).isZero();
            }
        } finally {
            ImageRun.client().removeVolumeCmd(volume).exec();
        }
    }

    @Test
    void shouldFollowTheMemoryOfTheContainerAndTheUser() {
        assertThat(maxHeap(ImageRun.MEMORY, "")).isBetween(180L << 20, 220L << 20);
        assertThat(maxHeap(2 * ImageRun.MEMORY, "")).isBetween(390L << 20, 430L << 20);
        assertThat(maxHeap(ImageRun.MEMORY, "-XX:MaxRAMPercentage=25")).isBetween(120L << 20, 136L << 20);
    }

    private static long maxHeap(long memory, String options) {
        try (ImageRun run = new ImageRun("--version").withMemory(memory)
                // -Xshare:on: without the archive of the classes it does not start.
                .withEnvironment("JOBWATCH_JAVA_OPTS", "-Xshare:on -XX:+PrintFlagsFinal " + options)) {
            Matcher found = MAX_HEAP.matcher(run.toItsEnd());
            assertThat(found.find()).isTrue();
            return Long.parseLong(found.group(1));
        }
    }

    @Test
    void shouldSayThatItsVolumeCannotBeWritten() {
        try (ImageRun run = new ImageRun("demo").withForeignDataFolder()) {
            assertThat(run.toItsFailure()).isEqualTo(1);
            assertThat(run.logs()).isEqualToIgnoringNewLines("jobwatch: /var/lib/jobwatch cannot be written by user 10001: mount a volume "
                    + "there that this user may write (Kubernetes: fsGroup)");
        }
    }
}
