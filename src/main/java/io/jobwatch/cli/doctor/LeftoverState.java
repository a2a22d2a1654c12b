package io.jobwatch.cli.doctor;

import io.jobwatch.config.JobwatchConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** State in the data folder that no configuration like this one will read again. */
final class LeftoverState {
    private final JobwatchConfig config;

    LeftoverState(JobwatchConfig config) {
        this.config = config;
    }

    void find(Path folder, List<Finding> findings) throws IOException {
        find(folder.resolve("streams"), config.applicationId(), findings);
        find(folder.resolve("query"), config.applicationId() + "-query-view", findings);
    }

    private static void find(Path parent, String ours, List<Finding> findings) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        List<Path> others;
        try (Stream<Path> inside = Files.list(parent)) {
            others = inside.filter(Files::isDirectory).filter(path -> !path.getFileName().toString().equals(ours)).sorted().toList();
        }
        for (Path other : others) {
            findings.add(Finding.warn(Ailment.LEFTOVER_STATE, other.toString(), DiskSpace.text(FolderSize.of(other))
                    + " of state of another application-id", "the state of " + ours + " alone",
                    "if the application-id was changed for good, remove the folder"));
        }
    }
}
