package io.jobwatch.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * Holds a folder for one running instance. The operating system drops the lock with the process, so a killed instance leaves nothing to
 * clean up.
 */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = ".jobwatch.lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Creates the folder where it is missing and takes it.
     *
     * @throws TakenException  if it belongs to a running instance
     * @throws FolderException if it cannot be written
     */
    public static FolderLock acquire(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new FolderException("the data folder " + folder.toAbsolutePath() + " cannot be created (" + reason(e)
                    + "): choose another with data-dir, or mend its parent");
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new FolderException("the data folder " + folder.toAbsolutePath() + " cannot be written (" + reason(e)
                    + "): give this user the right to, or choose another with data-dir");
        }
        try {
            if (tryLock(channel) == null) {
                String owner = read(channel);
                channel.close();
                throw new TakenException("the data folder " + folder.toAbsolutePath() + " belongs to a running instance"
                        + (owner.isEmpty() ? "" : " (process " + owner + ")") + ": stop it, or choose another with data-dir");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new FolderException("the data folder " + folder.toAbsolutePath() + " cannot be locked (" + reason(e)
                    + "): choose one on a local disk with data-dir");
        }
    }

    /**
     * {@return the process that has a folder, 0 where its number is not known; empty where none has it} Writes nothing. It takes the lock
     * for an instant, shared with others: an instance that starts in this very instant believes the folder taken.
     *
     * @throws FolderException if that cannot be told
     */
    public static OptionalLong holder(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (tryShared(channel)) {
                return OptionalLong.empty();
            }
            String owner = read(channel);
            return OptionalLong.of(owner.isEmpty() ? 0 : Long.parseLong(owner));
        } catch (IOException e) {
            throw new FolderException("whether an instance has the data folder " + folder.toAbsolutePath() + " cannot be told ("
                    + reason(e) + "): look as a user who may read it");
        }
    }

    private static boolean tryShared(FileChannel channel) throws IOException {
        try (FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new FolderException("the lock of the data folder cannot be released: " + reason(e));
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        int length = channel.read(text, 0);
        String owner = length <= 0 ? "" : new String(text.array(), 0, length, StandardCharsets.US_ASCII);
        return owner.matches("\\d{1,18}") ? owner : "";
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /** The folder cannot be used; the message says why and what to do, in one line. */
    public static class FolderException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FolderException(String message) {
            super(message);
        }
    }

    /** A running instance has the folder. */
    public static final class TakenException extends FolderException {
        private static final long serialVersionUID = 1L;

        TakenException(String message) {
            super(message);
        }
    }
}
