package io.jobwatch.cli;

import java.nio.file.Path;
import java.util.List;

/**
 * Something that can be started as jobwatch.
 *
 * @param name      for messages
 * @param classPath what is earlier on it hides what is later
 */
record Release(String name, List<Path> classPath) {

    /** {@return what was built from these sources} */
    static Release current() {
        return new Release("the current release", List.of(JobwatchProcess.jar()));
    }
}
