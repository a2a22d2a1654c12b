package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of some megabytes, so that a disk can really be full. Mounting one takes root: elsewhere the test is skipped. */
public final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    public static SmallDisk mount(Path path, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(path);
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "jobwatch-test", path.toString()).isEmpty(),
                "this user may not mount a file system");
        return new SmallDisk(path);
    }

    public Path path() {
        return path;
    }

    /** Takes all space that is left. */
    public void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(path.resolve("ballast"))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    /** Gives the space back. */
    public void free() throws IOException {
        Files.delete(path.resolve("ballast"));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        assertThat(run("umount", path.toString())).isEmpty();
    }

    /** {@return what went wrong, or the empty text} */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s ends", String.join(" ", command)).isTrue();
        return process.exitValue() == 0 ? "" : output + "status " + process.exitValue();
    }
}
