package io.jobwatch.registry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and trust for a registry, from {@code schema.registry.ssl.*}: the settings of Kafka's clients, which Confluent's client reads too,
 * so Kafka's own code reads the stores (JKS, PKCS12, and PEM in a file or in the setting itself).
 *
 * @param context    the keys, and whom to trust
 * @param parameters versions of TLS and cipher suites
 */
record RegistryTls(SSLContext context, SSLParameters parameters) {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryTls.class);
    private static final String NAMESPACE = "schema.registry.";
    private static final ConfigDef KAFKA = new ConfigDef().withClientSslSupport();
    private static final List<String> KEYSTORE = List.of(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG,
            SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, SslConfigs.SSL_KEYSTORE_KEY_CONFIG, SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
            SslConfigs.SSL_KEY_PASSWORD_CONFIG);
    private static final List<String> TRUSTSTORE = List.of(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
            SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG,
            SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG);

    /** Every property read here: what a Kafka client knows, but for a class to do it otherwise. */
    static final Set<String> SETTINGS = KAFKA.names().stream().filter(name -> !name.equals(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG))
            .map(name -> NAMESPACE + name).collect(Collectors.toUnmodifiableSet());

    /** {@return what is set, or empty where nothing is and the platform's trust applies} */
    static Optional<RegistryTls> of(RegistryProperties properties) {
        Map<String, String> given = new HashMap<>();
        for (String name : properties.names(NAMESPACE)) {
            String kafkas = name.substring(NAMESPACE.length());
            String value = properties.textOrEmpty(name).orElse("");
            if (kafkas.equals(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG)) {
                given.put(kafkas, value);
            } else if (!value.isEmpty()) {
                given.put(kafkas, kafkas.endsWith("store.type") ? storeType(name, value) : value);
            }
        }
        return given.isEmpty() ? Optional.empty() : Optional.of(read(given));
    }

    private static String storeType(String name, String value) {
        String type = value.toUpperCase(Locale.ROOT);
        if (!type.equals(DefaultSslEngineFactory.PEM_TYPE)) {
            try {
                KeyStore.getInstance(type);
            } catch (KeyStoreException e) {
                throw RegistryProperties.problem(name, "expected JKS, PKCS12 or PEM, found " + RegistryText.oneLine(value));
            }
        }
        return type;
    }

    private static RegistryTls read(Map<String, String> given) {
        try {
            Map<String, Object> settings = new AbstractConfig(KAFKA, given, false).values().entrySet().stream()
                    .filter(setting -> setting.getValue() != null)
                    .collect(HashMap::new, (map, setting) -> map.put(setting.getKey(), setting.getValue()), Map::putAll);
            Optional<KeyStore> keys = store(settings, KEYSTORE, "keystore").map(DefaultSslEngineFactory::keystore);
            Optional<KeyStore> trusted = store(settings, TRUSTSTORE, "truststore").map(DefaultSslEngineFactory::truststore);
            SSLContext context = settings.containsKey(SslConfigs.SSL_PROVIDER_CONFIG)
                    ? SSLContext.getInstance(text(settings, SslConfigs.SSL_PROTOCOL_CONFIG), text(settings, SslConfigs.SSL_PROVIDER_CONFIG))
                    : SSLContext.getInstance(text(settings, SslConfigs.SSL_PROTOCOL_CONFIG));
            context.init(keyManagers(settings, keys), trustManagers(settings, trusted, checksHostName(settings)),
                    settings.containsKey(SslConfigs.SSL_SECURE_RANDOM_IMPLEMENTATION_CONFIG)
                            ? SecureRandom.getInstance(text(settings, SslConfigs.SSL_SECURE_RANDOM_IMPLEMENTATION_CONFIG))
                            : null);
            return new RegistryTls(context, parameters(context, settings));
        } catch (GeneralSecurityException | IllegalArgumentException | org.apache.kafka.common.config.ConfigException e) {
            throw RegistryProperties.problem(NAMESPACE + "ssl.*", RegistryText.of(e));
        }
    }

    /** {@return what has read a store, or empty where none is set} */
    private static Optional<DefaultSslEngineFactory> store(Map<String, Object> settings, List<String> names, String store) {
        String location = "ssl." + store + ".location";
        String type = "ssl." + store + ".type";
        Map<String, Object> own = new HashMap<>(settings);
        own.keySet().removeIf(name -> (KEYSTORE.contains(name) || TRUSTSTORE.contains(name)) && !names.contains(name));
        if (settings.containsKey(location) && !Files.isReadable(Path.of(text(settings, location)))) {
            throw RegistryProperties.problem(NAMESPACE + location,
                    "cannot read " + text(settings, location) + "; is the path right, and may this user read it?");
        }
        if (names.stream().noneMatch(name -> !name.equals(type) && settings.containsKey(name))) {
            return Optional.empty();
        }
        DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
        try {
            factory.configure(own);
        } catch (KafkaException e) {
            throw RegistryProperties.problem(NAMESPACE + "ssl." + store + ".*", "cannot be used as " + text(settings, type)
                    + "; are type and password right? " + RegistryText.of(e));
        }
        return Optional.of(factory);
    }

    private static KeyManager[] keyManagers(Map<String, Object> settings, Optional<KeyStore> keys) throws GeneralSecurityException {
        if (keys.isEmpty()) {
            return null;
        }
        // As Kafka does it: a key without a password of its own has that of the store, and in PEM none.
        Object password = settings.getOrDefault(SslConfigs.SSL_KEY_PASSWORD_CONFIG, settings.get(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(text(settings, SslConfigs.SSL_KEYMANAGER_ALGORITHM_CONFIG));
        factory.init(keys.get(), password instanceof Password given ? given.value().toCharArray() : null);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(Map<String, Object> settings, Optional<KeyStore> trusted, boolean checkHostName)
            throws GeneralSecurityException {
        if (trusted.isEmpty() && checkHostName) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(text(settings, SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG));
        factory.init(trusted.orElse(null));
        return checkHostName ? factory.getTrustManagers() : AnyHostTrust.over(factory.getTrustManagers());
    }

    private static boolean checksHostName(Map<String, Object> settings) {
        String name = SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG;
        String algorithm = settings.containsKey(name) ? text(settings, name) : "";
        if (algorithm.equalsIgnoreCase("https")) {
            return true;
        }
        if (!algorithm.isEmpty() && !algorithm.equalsIgnoreCase("none")) {
            throw RegistryProperties.problem(NAMESPACE + name, "expected https, or nothing to accept the certificate of another host, "
                    + "found " + RegistryText.oneLine(algorithm));
        }
        LOG.warn("schema-registry.properties.{}{} is empty: who holds a trusted certificate for any host may pose as the schema registry",
                NAMESPACE, name);
        return false;
    }

    private static SSLParameters parameters(SSLContext context, Map<String, Object> settings) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        if (settings.get(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG) instanceof List<?> protocols && !protocols.isEmpty()) {
            parameters.setProtocols(protocols.stream().map(String::valueOf).toArray(String[]::new));
        }
        if (settings.get(SslConfigs.SSL_CIPHER_SUITES_CONFIG) instanceof List<?> suites && !suites.isEmpty()) {
            parameters.setCipherSuites(suites.stream().map(String::valueOf).toArray(String[]::new));
        }
        // Else a wrong name would only be found with the first request.
        context.createSSLEngine().setSSLParameters(parameters);
        return parameters;
    }

    private static String text(Map<String, Object> settings, String name) {
        return String.valueOf(settings.get(name));
    }
}
