package io.jobwatch.registry;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Pem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Keys and trust for a registry, from {@code schema.registry.ssl.*}. Stores are JKS or PKCS12; trust may also be a PEM file. */
final class RegistryTls {
    private static final String PREFIX = "schema.registry.ssl.";
    private static final String TRUSTSTORE = PREFIX + "truststore.";
    private static final String KEYSTORE = PREFIX + "keystore.";
    private static final String KEY_PASSWORD = PREFIX + "key.password";

    /** Every property read here. */
    static final Set<String> SETTINGS = Set.of(
            TRUSTSTORE + "location", TRUSTSTORE + "password", TRUSTSTORE + "type",
            KEYSTORE + "location", KEYSTORE + "password", KEYSTORE + "type", KEY_PASSWORD);

    private RegistryTls() {
    }

    /** {@return the context, or empty where nothing is set and the platform's trust applies} */
    static Optional<SSLContext> context(Map<String, String> properties) {
        if (SETTINGS.stream().noneMatch(properties::containsKey)) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(properties), trust(properties), null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new ConfigException("schema-registry.properties." + PREFIX + "*: " + e.getMessage());
        }
    }

    private static KeyManager[] keys(Map<String, String> properties) throws GeneralSecurityException {
        if (!properties.containsKey(KEYSTORE + "location")) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        String password = properties.getOrDefault(KEY_PASSWORD, properties.getOrDefault(KEYSTORE + "password", ""));
        factory.init(store(properties, KEYSTORE), password.toCharArray());
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust(Map<String, String> properties) throws GeneralSecurityException {
        if (!properties.containsKey(TRUSTSTORE + "location")) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store(properties, TRUSTSTORE));
        return factory.getTrustManagers();
    }

    private static KeyStore store(Map<String, String> properties, String prefix) {
        String location = properties.get(prefix + "location");
        String type = properties.getOrDefault(prefix + "type", "JKS").toUpperCase(Locale.ROOT);
        boolean pem = type.equals("PEM") && prefix.equals(TRUSTSTORE);
        if (!pem && !Set.of("JKS", "PKCS12").contains(type)) {
            throw new ConfigException("schema-registry.properties." + prefix + "type: expected JKS, PKCS12"
                    + (prefix.equals(TRUSTSTORE) ? " or PEM" : "") + ", found " + type);
        }
        if (pem) {
            return certificates(location);
        }
        String password = properties.get(prefix + "password");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(location)))) {
            KeyStore store = KeyStore.getInstance(type);
            store.load(in, password == null ? null : password.toCharArray());
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException(
                    "schema-registry.properties." + prefix + "location: cannot read " + location + " as " + type + ": " + e);
        }
    }

    private static KeyStore certificates(String location) {
        try {
            return Pem.trustStore(Path.of(location));
        } catch (Pem.PemException e) {
            throw new ConfigException(
                    "schema-registry.properties." + TRUSTSTORE + "location: cannot read " + location + " as PEM: " + e.getMessage());
        }
    }
}
