package io.jobwatch.report;

import io.jobwatch.event.JobErrorReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes each report into a file of its own, whole or not at all: into a temporary file beside it, forced to the disk, then renamed.
 * Writing a report again replaces its file by the same content, so several writers may work on one folder. A process killed while it writes
 * may leave a file {@code .report-….tmp}, which nothing reads.
 *
 * <p>Thread-safe, as it holds nothing but the folder.
 */
public final class ReportFiles {
    private static final boolean FOLDERS_CAN_BE_FORCED = !System.getProperty("os.name", "").startsWith("Windows");

    private final Path directory;

    /** @param directory the folder of all reports; need not exist yet */
    public ReportFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Creates the folder where it is missing, and tries that a file can be written there.
     *
     * @throws ReportException if that fails
     */
    public void prepare() {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createFile(temporaryIn(directory)));
        } catch (IOException e) {
            throw failure("cannot write reports into the folder " + directory, e);
        }
    }

    /**
     * Writes the file of a report; when this returns, it has reached the disk.
     *
     * @return the file
     * @throws ReportException if that fails; the file is then as it was before
     */
    public Path write(JobErrorReport report) {
        Path folder = directory.resolve(ReportFileName.folder(report.getSource()));
        Path file = folder.resolve(ReportFileName.of(report.getJobId(), report.getAttempt()));
        try {
            Files.createDirectories(folder);
            replace(file, ReportText.render(report).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw failure("cannot write the report " + file, e);
        }
        return file;
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path temporary = temporaryIn(file.getParent());
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceFolder(file.getParent());
    }

    /** Not {@link Files#createTempFile}: it hides the file from other users, but who may read reports is for the umask to say. */
    private static Path temporaryIn(Path folder) {
        return folder.resolve(".report-" + UUID.randomUUID() + ".tmp");
    }

    /** Without this the rename itself could be lost with the power, after the offset was committed. */
    private static void forceFolder(Path folder) throws IOException {
        if (FOLDERS_CAN_BE_FORCED) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static ReportException failure(String what, IOException e) {
        return new ReportException(what + ": " + reason(e)
                + "; free the disk, mend the permissions or set report.directory to another folder", e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException f) {
            return f.getFile() + " is not a folder";
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
