package io.jobwatch.cli.doctor;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Adds up what is in a folder, while others write there: what vanishes or may not be read is left out. */
final class FolderSize extends SimpleFileVisitor<Path> {
    private long bytes;

    private FolderSize() {
    }

    /** {@return the bytes of all files below; 0 where there is no folder} */
    static long of(Path folder) throws IOException {
        FolderSize size = new FolderSize();
        if (Files.isDirectory(folder)) {
            Files.walkFileTree(folder, size);
        }
        return size.bytes;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        bytes += attributes.size();
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
        return FileVisitResult.CONTINUE;
    }
}
