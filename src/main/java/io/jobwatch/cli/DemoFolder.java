package io.jobwatch.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of a demo: one that was named and is kept, or a temporary one that is removed at the end. */
final class DemoFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoFolder.class);

    private final Path path;
    private final boolean temporary;

    private DemoFolder(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    static DemoFolder open(Optional<Path> named) {
        try {
            return named.isPresent() ? new DemoFolder(named.get(), false)
                    : new DemoFolder(Files.createTempDirectory("jobwatch-demo-"), true);
        } catch (IOException e) {
            throw new CommandException("no temporary folder can be made (" + e.getMessage() + "): name one with --data-dir");
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try {
            Files.walkFileTree(path, new Removal());
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("the temporary folder {} could not be removed: {}", path, e.toString());
        }
    }

    /** Removes a tree, whatever is in it; what is gone already is as wished. */
    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
