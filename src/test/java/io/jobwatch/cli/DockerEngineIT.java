package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What decides whether the tests in containers run. Skipped where there is no Docker, unless {@code JOBWATCH_REQUIRE_DOCKER=true}. */
class DockerEngineIT {
    @BeforeAll
    static void start() throws InterruptedException {
        DockerEngine.require(DockerEngineIT.class);
    }

    @Test
    void shouldSayWhatToDoAboutAnImageThatIsNeitherThereNorCanBePulled() throws InterruptedException {
        TestImage image = new TestImage("JOBWATCH_NO_SUCH_IMAGE", "localhost/jobwatch/no-such", "build it");

        assertThat(DockerEngine.lacking(image)).hasValueSatisfying(lacking -> assertThat(lacking)
                .startsWith("there is no image localhost/jobwatch/no-such:latest and it cannot be pulled (")
                .endsWith("): build it"));
    }
}
