package io.jobwatch.cli.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * How much is left of a disk.
 *
 * @param free  bytes that this user may write
 * @param total bytes in all
 */
record DiskSpace(long free, long total) {
    private static final long MB = 1L << 20;
    private static final long GB = 1L << 30;

    /** {@return how bad that is} A share says little of a large disk, so there it takes less than some gigabytes, too. */
    Optional<Severity> severity() {
        if (free < 100 * MB || free < total / 50 && free < GB) {
            return Optional.of(Severity.FAIL);
        }
        return free < GB || free < total / 10 && free < 10 * GB ? Optional.of(Severity.WARN) : Optional.empty();
    }

    /** {@return such as {@code 1.5 GB}} */
    static String text(long bytes) {
        if (bytes < MB) {
            return (bytes + 1023) / 1024 + " KB";
        }
        return bytes < GB ? bytes / MB + " MB" : String.format(Locale.ROOT, "%.1f GB", (double) bytes / GB);
    }

    @Override
    public String toString() {
        return text(free) + " of " + text(total) + " (" + (total == 0 ? 0 : free * 100 / total) + " %) are free";
    }
}
