package io.jobwatch.source;

import io.jobwatch.config.Secret;
import io.jobwatch.config.SecretFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret as it is now: one that comes from a file follows the file. While the file is missing or holds no secret, the last one is
 * used on. Each value is hidden by the mask before it is handed out. Thread-safe.
 */
final class LiveSecret {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSecret.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final String source;
    private final String kind;
    private final Optional<SecretFile> file;
    private final Mask mask;
    private final Clock clock;
    private String value;
    private Instant lookedAt = Instant.EPOCH;
    private boolean unreadable;

    /**
     * @param source names the source in the log
     * @param kind   what the secret is, for the mask; unique within the source
     */
    LiveSecret(String source, String kind, Secret secret, Mask mask, Clock clock) {
        this.source = source;
        this.kind = kind;
        this.file = secret.file();
        this.mask = mask;
        this.clock = clock;
        this.value = secret.reveal();
        mask.add(kind, value);
    }

    /** {@return the secret; the file is looked at once a second at the most} */
    synchronized String value() {
        Duration since = Duration.between(lookedAt, clock.instant()).abs(); // a clock may be set back
        if (file.isPresent() && since.compareTo(LOOK_EVERY) >= 0) {
            reread();
        }
        return value;
    }

    /** Looks at the file at once. {@return whether the secret is another one than it was} */
    synchronized boolean reread() {
        if (file.isEmpty()) {
            return false;
        }
        lookedAt = clock.instant();
        String before = value;
        try {
            value = file.get().read().reveal();
            mask.add(kind, value);
            if (unreadable) {
                LOG.info("{}: {} can be read again", source, file.get());
            } else if (!value.equals(before)) {
                LOG.info("{}: the {} in {} has been replaced", source, kind, file.get());
            }
            unreadable = false;
        } catch (SecretFile.UnreadableException e) {
            if (!unreadable) {
                LOG.warn("{}: {}; the {} that was there last is used on", source, e.getMessage(), kind);
            }
            unreadable = true;
        }
        return !value.equals(before);
    }
}
