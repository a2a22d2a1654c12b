package io.jobwatch.config;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What only sources of type {@code ams-v3} have.
 *
 * @param dialect    who speaks the API
 * @param transforms names of the transforms whose jobs are watched; empty for all that the service lists
 * @param apiVersion what to send as {@code api-version}; empty to send none
 * @param reading    how jobs are listed
 */
public record AmsV3Options(Dialect dialect, List<String> transforms, Optional<String> apiVersion, Reading reading)
        implements SourceOptions {

    /** The last version of the API that Azure published. */
    public static final String DEFAULT_API_VERSION = "2022-07-01";
    public static final Reading DEFAULT_READING = Reading.ACTIVE_SET;

    public AmsV3Options {
        transforms = List.copyOf(transforms);
    }

    /** Who speaks the API: they differ in paging, versions and errors. */
    public enum Dialect {
        /** Azure Resource Manager. */
        ARM,
        /** MK.IO, where the API lives on since Azure ended it. */
        MKIO;

        /** {@return the word used in the configuration} */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** {@return who is at an address, as far as its host and path show it} */
        public static Optional<Dialect> at(URI url) {
            String host = Objects.requireNonNullElse(url.getHost(), "").toLowerCase(Locale.ROOT);
            String path = Objects.requireNonNullElse(url.getPath(), "").toLowerCase(Locale.ROOT);
            if (path.contains("/providers/microsoft.media/mediaservices/")) {
                return Optional.of(ARM);
            }
            return host.equals("mk.io") || host.endsWith(".mk.io") || path.matches(".*/projects/[^/]+/media/*")
                    ? Optional.of(MKIO) : Optional.empty();
        }
    }
}
