package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.DockerClient;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of tests that need one. */
final class DockerEngine {

    private DockerEngine() {
    }

    /**
     * Skips the test, saying so, where no engine answers; with {@code JOBWATCH_REQUIRE_DOCKER=true} in the environment its absence is a
     * failure.
     */
    static void require(Class<?> test) {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            return;
        }
        if ("true".equals(System.getenv("JOBWATCH_REQUIRE_DOCKER"))) {
            fail("JOBWATCH_REQUIRE_DOCKER=true, but no Docker engine answers");
        }
        String reason = "no Docker engine answers; start one, or name it in DOCKER_HOST";
        System.out.println(test.getSimpleName() + " is skipped: " + reason);
        abort(reason);
    }

    /** {@return the image that a variable of the environment names, or else the official one} */
    static String image(String variable, String official) {
        return Objects.requireNonNullElse(System.getenv(variable), official);
    }

    static DockerClient client() {
        return DockerClientFactory.lazyClient();
    }
}
