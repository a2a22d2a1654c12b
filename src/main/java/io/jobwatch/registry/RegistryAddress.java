package io.jobwatch.registry;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One base address of a registry and the credentials for it.
 *
 * @param base          without user info and without a slash at the end
 * @param authorization value of the Authorization header
 */
record RegistryAddress(String base, Optional<Secret> authorization) {
    private static final String EXPECTED = "schema-registry.url: expected http(s)://host:port[/path]";
    private static final String ESCAPE = "; in a user or password every character but letters and digits must be written as %XX";

    static List<RegistryAddress> of(List<URI> urls, RegistryCredentials credentials) {
        if (urls.isEmpty()) {
            throw new ConfigException("schema-registry.url: expected at least one address such as http://localhost:8081");
        }
        return urls.stream().map(url -> of(url, credentials)).toList();
    }

    private static RegistryAddress of(URI url, RegistryCredentials credentials) {
        String base = base(url);
        Optional<Secret> authorization = credentials.authorization();
        if (authorization.isEmpty() && url.getUserInfo() != null) {
            authorization = Optional.of(basic(url.getUserInfo()));
        }
        return new RegistryAddress(base, authorization);
    }

    /**
     * {@return an address without user info and without a slash at the end} Put together from the parts that are asked for, so that what
     * is shown is what is asked.
     *
     * @throws ConfigException if it is none of a registry; the message shows no password
     */
    static String base(URI url) {
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new ConfigException(EXPECTED + ", found " + masked(url.toString()));
        }
        if (url.getRawPath().indexOf('@') >= 0) {   // more likely the rest of a password with a slash in it
            throw new ConfigException(EXPECTED + ", found an @ behind the host: " + masked(url.toString()) + ESCAPE
                    + ", and so must an @ in a path: %40");
        }
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + url.getRawPath().replaceAll("/+$", "");
    }

    /** {@return the addresses of a list separated by commas} */
    static List<URI> parse(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(",")).map(String::strip).filter(url -> !url.isEmpty()).map(url -> {
            try {
                return URI.create(url);
            } catch (IllegalArgumentException e) {   // its message would show the password
                throw new ConfigException(EXPECTED + ", found " + masked(url) + ESCAPE);
            }
        }).toList();
    }

    static Secret basic(String userInfo) {
        return new Secret("Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * {@return what a message may show of a text that is no address} Nothing up to the last at sign, wherever it is: a password that should
     * have been written otherwise must not be shown either.
     */
    private static String masked(String url) {
        return url.replaceFirst("//.*@", "//");
    }

    @Override
    public String toString() {
        return base;
    }
}
