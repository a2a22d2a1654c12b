package io.jobwatch.registry;

import io.jobwatch.config.Secret;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who this client is. As in Confluent's client {@code basic.auth.credentials.source} and {@code bearer.auth.credentials.source} say where
 * the credentials come from, and only one of them may be set; other than there, credentials need no source to be used.
 *
 * @param authorization value of the Authorization header for every address; where it is empty, the user info of an address is used
 * @param headers       further headers of every request by name; they may hold secrets too
 */
record RegistryCredentials(Optional<Secret> authorization, Map<String, Secret> headers) {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryCredentials.class);
    private static final String BASIC_SOURCE = "basic.auth.credentials.source";
    private static final String BASIC_USER_INFO = "basic.auth.user.info";
    private static final String BEARER_SOURCE = "bearer.auth.credentials.source";
    private static final String BEARER_TOKEN = "bearer.auth.token";
    private static final String LOGICAL_CLUSTER = "bearer.auth.logical.cluster";
    private static final String IDENTITY_POOL = "bearer.auth.identity.pool.id";

    /** Every property read here, but for the headers. */
    static final Set<String> SETTINGS =
            Set.of(BASIC_SOURCE, BASIC_USER_INFO, BEARER_SOURCE, BEARER_TOKEN, LOGICAL_CLUSTER, IDENTITY_POOL);

    static RegistryCredentials of(RegistryProperties properties) {
        return new RegistryCredentials(authorization(properties), headers(properties));
    }

    private static Optional<Secret> authorization(RegistryProperties properties) {
        Optional<String> basicSource = properties.text(BASIC_SOURCE);
        Optional<String> bearerSource = properties.text(BEARER_SOURCE);
        if (basicSource.isPresent() && bearerSource.isPresent()) {
            throw RegistryProperties.problem(BASIC_SOURCE, "set this or " + BEARER_SOURCE + ", not both");
        }
        if (basicSource.isPresent()) {
            tellUnused(properties, BEARER_TOKEN, BASIC_SOURCE);
            return basic(properties, basicSource.get());
        }
        if (bearerSource.isPresent()) {
            tellUnused(properties, BASIC_USER_INFO, BEARER_SOURCE);
            return bearer(properties, bearerSource.get());
        }
        boolean userInfo = properties.text(BASIC_USER_INFO).isPresent();
        boolean token = properties.text(BEARER_TOKEN).isPresent();
        if (userInfo && token) {
            throw RegistryProperties.problem(BASIC_USER_INFO, "set this or " + BEARER_TOKEN + ", not both");
        }
        return userInfo ? basic(properties, "USER_INFO") : token ? bearer(properties, "STATIC_TOKEN") : Optional.empty();
    }

    private static Optional<Secret> basic(RegistryProperties properties, String source) {
        switch (source) {
            case "URL":
                tellUnused(properties, BASIC_USER_INFO, BASIC_SOURCE);
                return Optional.empty();
            case "USER_INFO":
                String userInfo = properties.text(BASIC_USER_INFO).orElse("");
                if (userInfo.indexOf(':') < 0) {
                    throw RegistryProperties.problem(BASIC_USER_INFO,
                            "expected <user>:<password>, found " + (userInfo.isEmpty() ? "nothing" : "a value without the colon"));
                }
                return Optional.of(RegistryAddress.basic(userInfo));
            case "SASL_INHERIT":
                throw RegistryProperties.problem(BASIC_SOURCE, "SASL_INHERIT is not supported; use USER_INFO, and give the user and "
                        + "password of kafka.properties in " + BASIC_USER_INFO);
            default:
                throw RegistryProperties.problem(BASIC_SOURCE, "expected USER_INFO or URL, found " + RegistryText.oneLine(source));
        }
    }

    private static Optional<Secret> bearer(RegistryProperties properties, String source) {
        if (!source.equals("STATIC_TOKEN")) {
            throw RegistryProperties.problem(BEARER_SOURCE, "expected STATIC_TOKEN, found " + RegistryText.oneLine(source)
                    + "; tokens that have to be fetched are not supported: use a static token, basic.auth.user.info, or a client "
                    + "certificate (schema.registry.ssl.keystore.location)");
        }
        String token = properties.text(BEARER_TOKEN).orElseThrow(() ->
                RegistryProperties.problem(BEARER_TOKEN, "expected the token, found nothing"));
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw RegistryProperties.problem(BEARER_TOKEN, "expected visible ASCII characters, found others; is there a line end?");
        }
        return Optional.of(new Secret("Bearer " + token));
    }

    /** {@return the headers that are set} */
    static Map<String, Secret> headers(RegistryProperties properties) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        properties.text(LOGICAL_CLUSTER).ifPresent(cluster -> add(headers, LOGICAL_CLUSTER, "target-sr-cluster", cluster));
        properties.text(IDENTITY_POOL).ifPresent(pool -> add(headers, IDENTITY_POOL, "Confluent-Identity-Pool-Id", pool));
        for (String name : properties.names(RegistryProperties.HEADER)) {
            properties.text(name).ifPresent(value -> add(headers, name, name.substring(RegistryProperties.HEADER.length()), value));
        }
        return headers;
    }

    private static void add(Map<String, Secret> headers, String property, String name, String value) {
        try {
            // The same check as at the request itself, where it would be too late to say so.
            HttpRequest.newBuilder(URI.create("http://localhost")).header(name, value);
        } catch (IllegalArgumentException e) {
            throw RegistryProperties.problem(property, "expected the name and value of a header that may be set, found others");
        }
        headers.put(name, new Secret(value));
    }

    private static void tellUnused(RegistryProperties properties, String unused, String because) {
        if (properties.text(unused).isPresent()) {
            LOG.warn("schema-registry.properties.{} is not used, as {} is {}", unused, because,
                    RegistryText.oneLine(properties.text(because).orElse("")));
        }
    }
}
