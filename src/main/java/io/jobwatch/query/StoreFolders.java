package io.jobwatch.query;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of a view's stores on disk. */
final class StoreFolders {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFolders.class);

    private StoreFolders() {
    }

    /** Removes everything but one entry from a folder, if there is one. What cannot be removed costs nothing but its space. */
    static void removeOthers(Path folder, String kept) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, entry -> !entry.endsWith(kept))) {
            for (Path other : others) {
                Utils.delete(other.toFile());
                LOG.info("Removed {}, which was read from other topics or by an earlier release", other);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("What was read from other topics cannot be removed from {}: {}", folder, e.toString());
        }
    }
}
