package io.jobwatch.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The mounted file systems of a Linux machine, as proc(5) tells them; elsewhere there are none. */
final class Mounts {
    static final Path OF_THIS_PROCESS = Path.of("/proc/self/mounts");

    private final Path table;

    Mounts(Path table) {
        this.table = table;
    }

    /** {@return where the file system of a path is mounted, if nothing on it may be executed} */
    Optional<Path> withoutExecution(Path path) throws IOException {
        if (!Files.isReadable(table)) {
            return Optional.empty();
        }
        Path real = path.toRealPath();
        Path longest = null;
        boolean executes = true;
        for (String line : Files.readAllLines(table)) {
            String[] fields = line.split(" ");
            if (fields.length < 4) {
                continue;
            }
            Path point = Path.of(unescaped(fields[1]));
            // Of two at one place, the later one lies over the other.
            if (real.startsWith(point) && (longest == null || point.getNameCount() >= longest.getNameCount())) {
                longest = point;
                executes = Arrays.stream(fields[3].split(",")).noneMatch("noexec"::equals);
            }
        }
        return executes ? Optional.empty() : Optional.of(longest);
    }

    /** Spaces, tabs, line ends and backslashes stand there as octal numbers. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }
}
