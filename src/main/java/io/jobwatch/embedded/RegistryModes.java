package io.jobwatch.embedded;

import java.util.Locale;
import java.util.Set;

/** Whether schemas may be registered and deleted: the two of Confluent's modes that make sense for one process. */
final class RegistryModes {
    static final String READWRITE = "READWRITE";
    private static final Set<String> KNOWN = Set.of(READWRITE, "READONLY");

    private RegistryModes() {
    }

    static String checked(String mode) {
        String upper = mode.toUpperCase(Locale.ROOT);
        if (!KNOWN.contains(upper)) {
            throw new RegistryFailure(422, 42204, "Invalid mode. Valid values are READWRITE and READONLY");
        }
        return upper;
    }
}
