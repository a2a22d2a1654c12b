package io.jobwatch.registry;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;

/**
 * What a registry's client reads from properties under the names of Confluent's client. A name that it does not know is an error: a
 * setting for security must not be ignored in silence.
 *
 * @param authorization value of the Authorization header for every address
 * @param tls           keys and trust other than the platform's
 */
record RegistrySettings(Optional<Secret> authorization, Optional<SSLContext> tls) {
    private static final String BASIC_SOURCE = "basic.auth.credentials.source";
    private static final String BASIC_USER_INFO = "basic.auth.user.info";
    private static final String BEARER_SOURCE = "bearer.auth.credentials.source";
    private static final String BEARER_TOKEN = "bearer.auth.token";
    private static final Set<String> KNOWN_AUTH = Set.of(BASIC_SOURCE, BASIC_USER_INFO, BEARER_SOURCE, BEARER_TOKEN);

    static RegistrySettings of(Map<String, String> properties) {
        for (String name : properties.keySet()) {
            if (!KNOWN_AUTH.contains(name) && !RegistryTls.SETTINGS.contains(name)) {
                Set<String> known = new TreeSet<>(KNOWN_AUTH);
                known.addAll(RegistryTls.SETTINGS);
                throw new ConfigException(
                        "schema-registry.properties." + name + ": not supported; expected one of " + String.join(", ", known));
            }
        }
        return new RegistrySettings(authorization(properties), RegistryTls.context(properties));
    }

    private static Optional<Secret> authorization(Map<String, String> properties) {
        Optional<Secret> basic = basic(properties);
        Optional<Secret> bearer = bearer(properties);
        if (basic.isPresent() && bearer.isPresent()) {
            throw new ConfigException("schema-registry.properties: set " + BASIC_USER_INFO + " or " + BEARER_TOKEN + ", not both");
        }
        return basic.or(() -> bearer);
    }

    private static Optional<Secret> basic(Map<String, String> properties) {
        String userInfo = properties.get(BASIC_USER_INFO);
        String source = properties.getOrDefault(BASIC_SOURCE, userInfo == null ? "URL" : "USER_INFO");
        switch (source) {
            case "URL":
                if (userInfo != null) {
                    throw new ConfigException("schema-registry.properties." + BASIC_SOURCE + ": URL leaves " + BASIC_USER_INFO
                            + " unused; expected USER_INFO, or no " + BASIC_USER_INFO);
                }
                return Optional.empty();
            case "USER_INFO":
                if (userInfo == null || userInfo.indexOf(':') <= 0) {
                    throw new ConfigException("schema-registry.properties." + BASIC_USER_INFO + ": expected <user>:<password>, found "
                            + (userInfo == null ? "nothing" : "a value without it"));
                }
                return Optional.of(RegistryAddress.basic(userInfo));
            default:
                throw new ConfigException("schema-registry.properties." + BASIC_SOURCE + ": expected USER_INFO or URL, found " + source);
        }
    }

    private static Optional<Secret> bearer(Map<String, String> properties) {
        String token = properties.get(BEARER_TOKEN);
        String source = properties.getOrDefault(BEARER_SOURCE, "STATIC_TOKEN");
        if (!source.equals("STATIC_TOKEN")) {
            throw new ConfigException("schema-registry.properties." + BEARER_SOURCE + ": expected STATIC_TOKEN, found " + source);
        }
        if (token == null && properties.containsKey(BEARER_SOURCE)) {
            throw new ConfigException("schema-registry.properties." + BEARER_TOKEN + ": expected the token, found nothing");
        }
        if (token != null && !token.matches("[\\x21-\\x7e]+")) {
            throw new ConfigException("schema-registry.properties." + BEARER_TOKEN
                    + ": expected visible ASCII characters, found others or nothing; is there a line end?");
        }
        return Optional.ofNullable(token).map(text -> new Secret("Bearer " + text));
    }
}
