package io.jobwatch.cli;

import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.utility.DockerImageName;

/**
 * An image that tests make containers of.
 *
 * @param variable the variable of the environment that names another
 * @param usual    what it is called where the variable is not set
 * @param remedy   what to do where it is neither there nor can be pulled
 */
record TestImage(String variable, String usual, String remedy) {
    /** In no registry: engines look up nothing elsewhere that begins with {@code localhost/}. */
    static final TestImage JOBWATCH = new TestImage("JOBWATCH_IMAGE", "localhost/jobwatch/jobwatch",
            "build it (ops/images/build.sh java jobwatch; or, with images from a registry, docker build -f ops/images/jobwatch/Dockerfile "
                    + "-t localhost/jobwatch/jobwatch .), or name another in JOBWATCH_IMAGE");
    static final TestImage KAFKA = ofOthers("kafka", "apache/kafka:" + AppInfoParser.getVersion());
    static final TestImage REGISTRY = ofOthers("registry", "apicurio/apicurio-registry:3.3.3");

    private static TestImage ofOthers(String name, String official) {
        String variable = "JOBWATCH_" + name.toUpperCase(Locale.ROOT) + "_IMAGE";
        return new TestImage(variable, official, "build one that stands for it (ops/images/build.sh java " + name
                + ") and name it, localhost/jobwatch/" + name + ", in " + variable);
    }

    DockerImageName name() {
        return DockerImageName.parse(Objects.requireNonNullElse(System.getenv(variable), usual));
    }
}
