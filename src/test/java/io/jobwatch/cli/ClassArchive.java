package io.jobwatch.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An archive of the classes that the packaged jar loads (JEP 350), for the processes of tests: each start of them takes a quarter less of the
 * processors. Made beside the tests, once for each build of the jar, by whichever of their JVMs comes first; until it is there, and where it
 * cannot be made, processes start without it.
 */
final class ClassArchive {
    /** What does not fit is not told: then classes are loaded from the jar. */
    private static final List<String> QUIET = List.of("-Xlog:disable", "-Xlog:all=error:stderr");
    private static final long WITHIN_MINUTES = 3;

    private final Path jar;
    private final Path archive;
    private final Path begun;

    private ClassArchive(Path jar) throws IOException {
        this.jar = jar;
        // Java takes no archive of a jar with another time.
        String build = jar.getFileName() + "-" + Files.getLastModifiedTime(jar).toMillis();
        this.archive = jar.resolveSibling(build + ".jsa");
        this.begun = jar.resolveSibling(build + ".jsa.begun");
    }

    /**
     * {@return options for a process that runs the jar with {@code -jar}}
     *
     * @param java its executable and its other options
     */
    static List<String> options(Path jar, List<String> java) throws IOException {
        ClassArchive classes = new ClassArchive(jar);
        if (!Files.exists(classes.archive)) {
            classes.begin(java);
            return List.of();
        }
        List<String> options = new ArrayList<>(QUIET);
        options.add("-XX:SharedArchiveFile=" + classes.archive);
        return options;
    }

    private void begin(List<String> java) throws IOException {
        try {
            Files.createFile(begun);
        } catch (FileAlreadyExistsException e) {
            return;   // another one makes it
        }
        Thread thread = new Thread(() -> make(java), "class-archive");
        thread.setDaemon(true);
        thread.start();
    }

    private void make(List<String> java) {
        try {
            Path made = archive.resolveSibling(archive.getFileName() + ".made");
            List<String> command = new ArrayList<>(java);
            command.addAll(QUIET);
            command.addAll(List.of("-XX:ArchiveClassesAtExit=" + made, "-jar", jar.toString(), "demo", "--jobs", "5", "--speed", "50", "--port",
                    "0", "--exit-when-done"));
            Process demo = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(archive.resolveSibling(archive.getFileName() + ".log").toFile()).start();
            // These tests may be over before: the next ones begin anew.
            Thread end = new Thread(() -> giveUp(demo, made));
            Runtime.getRuntime().addShutdownHook(end);
            boolean done = demo.waitFor(WITHIN_MINUTES, TimeUnit.MINUTES) && demo.exitValue() == 0 && Files.exists(made);
            Runtime.getRuntime().removeShutdownHook(end);
            if (done) {
                Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
            } else {
                demo.destroyForcibly();   // begun stays: it would fail again
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveUp(Process demo, Path made) {
        try {
            demo.destroyForcibly().onExit().join();
            Files.deleteIfExists(made);
            Files.deleteIfExists(begun);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
