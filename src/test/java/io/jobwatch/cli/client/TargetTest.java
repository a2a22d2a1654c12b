package io.jobwatch.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetTest {
    private static final URI BASE = URI.create("https://host:8443/jobwatch");

    @Test
    void shouldKeepAnyCharacterWithinItsSegmentOrParameter() {
        Target target = Target.of("jobs", "s", "a/b c+d%2F?#ü").with("name", "x&y=1 +2").with("source", Optional.empty());

        assertThat(target.under(BASE)).hasToString(
                "https://host:8443/jobwatch/api/v1/jobs/s/a%2Fb%20c%2Bd%252F%3F%23%C3%BC?name=x%26y%3D1%20%2B2");
    }

    @Test
    void shouldRepeatAParameterForEachValueAndStayAsItWas() {
        Target jobs = Target.of("jobs");

        assertThat(jobs.withEach("state", List.of("ERROR", "CANCELED")).under(BASE).getRawQuery()).isEqualTo("state=ERROR&state=CANCELED");
        assertThat(jobs.under(BASE).getRawQuery()).isNull();
    }
}
