package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.StartFrom;
import io.jobwatch.source.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceHealthTest {

    /** It may quote what no one foresaw, and stands in a record. */
    @Test
    void shouldCutTheReasonOfAFailureThatIsTooLong() {
        SourceHealth health = new SourceHealth(Sources.source("encoder", new StartFrom.Now()), "me", Optional.empty());

        health.failed("unexpected: " + "x".repeat(5_000_000));

        assertThat(health.status(Instant.EPOCH, Instant.EPOCH, Duration.ofSeconds(1)).getFailure()).hasSize(Bounds.FAILURE_CHARS)
                .startsWith("unexpected: xxx").endsWith("… (cut, 5000012 characters in all)");
    }
}
