package io.jobwatch.registry;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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

    static List<RegistryAddress> of(List<URI> urls, RegistrySettings settings) {
        if (urls.isEmpty()) {
            throw new ConfigException("schema-registry.url: expected at least one address such as http://localhost:8081");
        }
        return urls.stream().map(url -> of(url, settings)).toList();
    }

    private static RegistryAddress of(URI url, RegistrySettings settings) {
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new ConfigException("schema-registry.url: expected http(s)://host:port[/path], found " + withoutUserInfo(url));
        }
        Optional<Secret> authorization = settings.authorization();
        if (authorization.isEmpty() && url.getUserInfo() != null) {
            authorization = Optional.of(basic(url.getUserInfo()));
        }
        return new RegistryAddress(withoutUserInfo(url).replaceAll("/+$", ""), authorization);
    }

    static Secret basic(String userInfo) {
        return new Secret("Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
    }

    private static String withoutUserInfo(URI url) {
        String text = url.toString();
        return url.getRawUserInfo() == null ? text : text.replaceFirst("//[^/@]*@", "//");
    }

    @Override
    public String toString() {
        return base;
    }
}
