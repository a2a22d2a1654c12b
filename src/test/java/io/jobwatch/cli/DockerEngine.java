package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/** The Docker engine of tests that need one. */
final class DockerEngine {
    private static final long PULLED_WITHIN_SECONDS = 300;

    private DockerEngine() {
    }

    /**
     * Skips the test, saying so, where no engine answers or one of the images is not there and cannot be pulled; with
     * {@code JOBWATCH_REQUIRE_DOCKER=true} in the environment that is a failure. No image is built here: it would be made
     * of this machine's own programs and of target/jobwatch.jar, which the run of Maven around this may be writing.
     */
    static void require(Class<?> test, TestImage... images) throws InterruptedException {
        Optional<String> lacking = lacking(images);
        if (lacking.isEmpty()) {
            return;
        }
        if ("true".equals(System.getenv("JOBWATCH_REQUIRE_DOCKER"))) {
            fail("JOBWATCH_REQUIRE_DOCKER=true, but " + lacking.get());
        }
        System.out.println(test.getSimpleName() + " is skipped: " + lacking.get());
        abort(lacking.get());
    }

    /** {@return what is not there, and what to do} */
    static Optional<String> lacking(TestImage... images) throws InterruptedException {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.of("no Docker engine answers; start one, or name it in DOCKER_HOST");
        }
        for (TestImage image : images) {
            Optional<String> lacking = whyNotThere(image);
            if (lacking.isPresent()) {
                return lacking;
            }
        }
        return Optional.empty();
    }

    /** Pulls the image where it is not there. */
    private static Optional<String> whyNotThere(TestImage image) throws InterruptedException {
        DockerImageName name = image.name();
        if (isThere(name)) {
            return Optional.empty();
        }
        String why;
        try (ResultCallback.Adapter<PullResponseItem> pull = client().pullImageCmd(name.getUnversionedPart())
                .withTag(name.getVersionPart()).start()) {
            if (pull.awaitCompletion(PULLED_WITHIN_SECONDS, TimeUnit.SECONDS) && isThere(name)) {
                return Optional.empty();
            }
            why = "it did not come within " + PULLED_WITHIN_SECONDS + " s";
        } catch (DockerException | DockerClientException | IOException e) {
            why = String.valueOf(e.getMessage()).strip();
        }
        return Optional.of("there is no image " + name.asCanonicalNameString() + " and it cannot be pulled (" + why + "): "
                + image.remedy());
    }

    private static boolean isThere(DockerImageName name) {
        try {
            client().inspectImageCmd(name.asCanonicalNameString()).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    static DockerClient client() {
        return DockerClientFactory.lazyClient();
    }
}
