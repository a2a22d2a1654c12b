package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.AccessToken;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands at a terminal, which script(1) of util-linux makes. */
@EnabledOnOs(OS.LINUX)
class TerminalIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void shouldNotShowATokenThatIsTyped() throws Exception {
        String token = "a-token-that-someone-made-elsewhere-0123456789";
        Path output = folder.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder command = new ProcessBuilder("script", "-qec",
                "\"$JAVA\" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar \"$JAR\" token --hash", "/dev/null");
        command.environment().put("JAVA", java);
        command.environment().put("JAR", System.getProperty("jobwatch.jar"));
        Process process = command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try (OutputStream typed = process.getOutputStream()) {
            Awaitility.await().atMost(WITHIN).until(() -> Files.readString(output).contains("(it is not shown): "));
            typed.write((token + "\n").getBytes(StandardCharsets.US_ASCII));
            typed.flush();
            assertThat(process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).contains(AccessToken.of("ops", token).sha256()).doesNotContain(token);
    }
}
