package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * Apicurio Registry as a process of its own, as {@code .ci/apicurio.sh} unpacks it. It listens on 127.0.0.1 alone, and what it keeps and
 * writes is in one folder: a second process on the same folder goes on where the first one ended.
 *
 * <p>Settings: the {@code application.properties} of its 3.3.3 and 3.0.9, and Quarkus' for HTTP.
 */
public final class ApicurioRegistry implements AutoCloseable {
    private static final String HOME = "JOBWATCH_APICURIO_HOME";
    private static final String JAVA = "JOBWATCH_APICURIO_JAVA";
    private static final String REQUIRED = "JOBWATCH_REQUIRE_APICURIO";
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);
    private static final Pattern LISTENING = Pattern.compile("Listening on: http://127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final int port;

    private ApicurioRegistry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Skips the test that calls it where {@code JOBWATCH_APICURIO_HOME} is not set, and says why; under
     * {@code JOBWATCH_REQUIRE_APICURIO=true} it fails instead.
     */
    public static void assumeAvailable() {
        if (System.getenv(HOME) != null) {
            return;
        }
        String reason = HOME + " is not set: .ci/apicurio.sh DIR unpacks Apicurio Registry into a folder that it may name";
        if ("true".equals(System.getenv(REQUIRED))) {
            fail(REQUIRED + "=true, but " + reason);
        }
        System.out.println("A test against Apicurio Registry is skipped: " + reason);
        Assumptions.abort(reason);
    }

    /**
     * Starts it on a free port and waits until it listens.
     *
     * @param dataDir keeps its database, its log and what it prints
     */
    public static ApicurioRegistry start(Path dataDir) {
        return start(dataDir, 0);
    }

    /** As {@link #start(Path)}, on a port of choice, as after a restart. */
    public static ApicurioRegistry start(Path dataDir, int port) {
        Path home = Path.of(Optional.ofNullable(System.getenv(HOME)).orElseThrow(() -> new IllegalStateException(HOME + " is not set")));
        String java = Optional.ofNullable(System.getenv(JAVA)).orElseGet(() -> home.resolve("java").toString());
        try {
            Files.createDirectories(dataDir);
            // A log of its own for each start: the line that tells the port must not be the last one's.
            Path output = Files.createTempFile(dataDir, "apicurio", ".log");
            // Without the optimising compiler, and with few connections to the database: it lives for seconds, beside a test.
            Process process = new ProcessBuilder(List.of(java,
                    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx384m",
                    "-Dquarkus.http.host=127.0.0.1",
                    "-Dquarkus.http.port=" + port,
                    "-Dquarkus.management.host=127.0.0.1",
                    "-Dquarkus.management.port=0",
                    "-Dapicurio.storage.kind=sql",
                    "-Dapicurio.storage.sql.kind=h2",
                    "-Dapicurio.datasource.url=jdbc:h2:file:" + dataDir.toAbsolutePath().resolve("registry"),
                    "-Dapicurio.datasource.jdbc.initial-size=2",
                    "-Dapicurio.datasource.jdbc.min-size=2",
                    "-Dapicurio.datasource.jdbc.max-size=20",
                    "-jar", home.resolve("quarkus-run.jar").toString()))
                    .redirectErrorStream(true).redirectOutput(output.toFile()).start();
            try {
                return new ApicurioRegistry(process, awaitPort(process, output));
            } catch (RuntimeException | AssertionError | IOException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start Apicurio Registry of " + home, e);
        }
    }

    private static int awaitPort(Process process, Path output) throws IOException {
        Awaitility.await().atMost(STARTS_WITHIN).pollInterval(Duration.ofMillis(50)).until(() -> {
            assertThat(process.isAlive()).as(() -> "Apicurio Registry lives; it printed:\n" + text(output)).isTrue();
            return LISTENING.matcher(text(output)).find();
        });
        Matcher listening = LISTENING.matcher(text(output));
        assertThat(listening.find()).isTrue();
        return Integer.parseInt(listening.group(1));
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the base address of the API that is Confluent's} */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
    }

    /** {@return the base address of the API that is its own} */
    public URI coreUrl() {
        return URI.create("http://127.0.0.1:" + port + "/apis/registry/v3");
    }

    public int port() {
        return port;
    }

    /** Ends it as a service manager does, and waits for its end: the database's file is free then. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().onExit().join();
                fail("Apicurio Registry did not end within " + ENDS_WITHIN);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
