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

    static List<RegistryAddress> of(List<URI> urls, RegistryCredentials credentials) {
        if (urls.isEmpty()) {
            throw new ConfigException("schema-registry.url: expected at least one address such as http://localhost:8081");
        }
        return urls.stream().map(url -> of(url, credentials)).toList();
    }

    private static RegistryAddress of(URI url, RegistryCredentials credentials) {
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new ConfigException(EXPECTED + ", found " + withoutUserInfo(url.toString()));
        }
        Optional<Secret> authorization = credentials.authorization();
        if (authorization.isEmpty() && url.getUserInfo() != null) {
            authorization = Optional.of(basic(url.getUserInfo()));
        }
        return new RegistryAddress(withoutUserInfo(url.toString()).replaceAll("/+$", ""), authorization);
    }

    /** {@return the addresses of a list separated by commas} */
    static List<URI> parse(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(",")).map(String::strip).filter(url -> !url.isEmpty()).map(url -> {
            try {
                return URI.create(url);
            } catch (IllegalArgumentException e) {   // its message would show the password
                throw new ConfigException(EXPECTED + ", found " + withoutUserInfo(url)
                        + "; in a user or password every character but letters and digits must be written as %XX");
            }
        }).toList();
    }

    static Secret basic(String userInfo) {
        return new Secret("Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
    }

    /** Up to the last at sign, wherever it is: a password that should have been written otherwise must not be shown either. */
    private static String withoutUserInfo(String url) {
        return url.replaceFirst("//.*@", "//");
    }

    @Override
    public String toString() {
        return base;
    }
}
