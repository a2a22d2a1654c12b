package io.jobwatch.registry;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.jobwatch.config.ConfigException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;

/**
 * Makes Confluent's REST clients from addresses and properties. All the client's own properties are handed to it; what only the serializers
 * above it would fill in is filled in here, so that a configuration means the same to both clients: credentials without a source name
 * theirs, and those in an address count.
 *
 * @param services one for each address
 * @param proxy    for messages: host and port, if there is one
 * @param patience how long to wait
 */
record ConfluentSettings(List<Service> services, Optional<String> proxy, Patience patience) {
    /**
     * The library's client of one address.
     *
     * @param base without user info, so that the library can neither log nor throw it
     */
    record Service(String base, RestService rest) {
    }

    private static final String BASIC_SOURCE = SchemaRegistryClientConfig.BASIC_AUTH_CREDENTIALS_SOURCE;
    private static final String USER_INFO = SchemaRegistryClientConfig.USER_INFO_CONFIG;
    private static final String BEARER_SOURCE = SchemaRegistryClientConfig.BEARER_AUTH_CREDENTIALS_SOURCE;
    private static final String TOKEN = SchemaRegistryClientConfig.BEARER_AUTH_TOKEN_CONFIG;
    /** Those that are not about TLS, and one that is not the client's: who calls it decides whether to register. */
    private static final Set<String> OWN_NAMES = Set.of(BASIC_SOURCE, USER_INFO, BEARER_SOURCE, TOKEN,
            SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS,
            SchemaRegistryClientConfig.PROXY_HOST, SchemaRegistryClientConfig.PROXY_PORT,
            SchemaRegistryClientConfig.BEARER_AUTH_ISSUER_ENDPOINT_URL, SchemaRegistryClientConfig.BEARER_AUTH_CLIENT_ID,
            SchemaRegistryClientConfig.BEARER_AUTH_CLIENT_SECRET, SchemaRegistryClientConfig.BEARER_AUTH_SCOPE,
            SchemaRegistryClientConfig.BEARER_AUTH_SCOPE_CLAIM_NAME, SchemaRegistryClientConfig.BEARER_AUTH_SUB_CLAIM_NAME,
            SchemaRegistryClientConfig.BEARER_AUTH_LOGICAL_CLUSTER, SchemaRegistryClientConfig.BEARER_AUTH_IDENTITY_POOL_ID,
            SchemaRegistryClientConfig.BEARER_AUTH_CACHE_EXPIRY_BUFFER_SECONDS,
            SchemaRegistryClientConfig.BEARER_AUTH_CUSTOM_PROVIDER_CLASS, RegistryProperties.AUTO_REGISTER);
    private static final String SECRET = "(?i).*(user\\.info|token|secret|password|keystore\\.key).*";
    private static final String TLS = SchemaRegistryClientConfig.CLIENT_NAMESPACE + "ssl.";
    /** Read and then not used by 7.5.1: its sockets come from the context alone. A setting for security must not be ignored in silence. */
    private static final Set<String> NOT_HEEDED = Set.of(TLS + "enabled.protocols", TLS + "cipher.suites");
    /** For caches of the library that are not used. */
    private static final int NO_CAPACITY = 1;

    /** Ways to log in that the built-in client has, too. */
    private static final Set<String> SHARED_BASIC = Set.of("", "USER_INFO", "URL");
    private static final Set<String> SHARED_BEARER = Set.of("", "STATIC_TOKEN");

    /**
     * Configures the library's clients; reaches for nothing.
     *
     * @param timeouts limits that properties can only shorten
     * @throws ConfigException if an address or a setting is wrong; it shows no secret
     */
    static ConfluentSettings of(List<URI> urls, Map<String, String> given, RegistryTimeouts timeouts) {
        RegistryProperties properties = RegistryProperties.of(given, known(given));
        check(properties);
        Optional<String> proxy = RegistrySettings.proxy(properties).map(address -> address.getHostString() + ":" + address.getPort());
        Patience patience = Patience.of(properties, timeouts, urls.size());
        Map<String, String> settings = new HashMap<>(properties.all());
        settings.entrySet().removeIf(setting -> setting.getValue().isEmpty() && !setting.getKey().startsWith(TLS));
        settings.replaceAll((name, value) -> name.startsWith(TLS) && name.endsWith("store.type") ? value.toUpperCase(Locale.ROOT) : value);
        nameTheSource(settings);
        checkTheHost(settings);
        settings.put(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, String.valueOf(patience.connect().toMillis()));
        settings.put(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, String.valueOf(patience.exchange().toMillis()));
        List<RegistryAddress> addresses = RegistryAddress.of(urls, new RegistryCredentials(Optional.empty(), Map.of()));
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            services.add(service(addresses.get(i).base(), withUserOf(urls.get(i), settings)));
        }
        return new ConfluentSettings(List.copyOf(services), proxy, patience);
    }

    /** What is wrong for the built-in client is wrong here: the library would find it out at the first request, or not say so. */
    private static void check(RegistryProperties properties) {
        properties.names(RegistryProperties.HEADER).stream().findFirst().ifPresent(name -> {
            throw RegistryProperties.problem(name, "not supported by Confluent's client, which follows redirects and would take the header"
                    + " along to another host; leave it out, or set schema-registry.client to built-in");
        });
        NOT_HEEDED.stream().filter(name -> properties.text(name).isPresent()).findFirst().ifPresent(name -> {
            throw RegistryProperties.problem(name, "not heeded by Confluent's client; leave it out, or set schema-registry.client to"
                    + " built-in");
        });
        RegistryCredentials.headers(properties);
        if (SHARED_BASIC.contains(properties.text(BASIC_SOURCE).orElse(""))
                && SHARED_BEARER.contains(properties.text(BEARER_SOURCE).orElse(""))) {
            RegistryCredentials.of(properties);
        }
    }

    /** The library ignores what it does not know; a setting for security must not be ignored in silence. */
    private static Set<String> known(Map<String, String> given) {
        Set<String> known = new HashSet<>(OWN_NAMES);
        known.addAll(Patience.SETTINGS);
        ConfigDef tls = new ConfigDef();
        SchemaRegistryClientConfig.withClientSslSupport(tls, SchemaRegistryClientConfig.CLIENT_NAMESPACE);
        known.addAll(tls.names());
        if (given.containsKey(SchemaRegistryClientConfig.BEARER_AUTH_CUSTOM_PROVIDER_CLASS)) {
            known.addAll(given.keySet());   // it may have settings of its own
        }
        return known;
    }

    /** Once anything about TLS is set, the library takes a certificate for any host, unless this is set as well (read in 7.5.1). */
    private static void checkTheHost(Map<String, String> settings) {
        if (settings.keySet().stream().anyMatch(name -> name.startsWith(TLS))) {
            settings.putIfAbsent(TLS + SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG.substring("ssl.".length()),
                    SslConfigs.DEFAULT_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM);
        }
    }

    private static void nameTheSource(Map<String, String> settings) {
        if (settings.containsKey(BASIC_SOURCE) || settings.containsKey(BEARER_SOURCE)) {
            return;
        }
        if (settings.containsKey(USER_INFO)) {
            settings.put(BASIC_SOURCE, "USER_INFO");
        } else if (settings.containsKey(TOKEN)) {
            settings.put(BEARER_SOURCE, "STATIC_TOKEN");
        }
    }

    /** Handed over as a property: the library would show an address with it in its log and in its exceptions. */
    private static Map<String, String> withUserOf(URI url, Map<String, String> settings) {
        if (settings.containsKey(BEARER_SOURCE) || !settings.getOrDefault(BASIC_SOURCE, "URL").equals("URL")) {
            return settings;
        }
        Map<String, String> own = new HashMap<>(settings);
        own.remove(BASIC_SOURCE);
        if (url.getUserInfo() != null) {
            own.put(BASIC_SOURCE, "USER_INFO");
            own.put(USER_INFO, url.getUserInfo());
        }
        return own;
    }

    private static Service service(String base, Map<String, String> settings) {
        RestService rest = new RestService(base);
        try {
            // Made for what its constructor does to the REST client: credentials, TLS, proxy and time-outs. It keeps nothing else.
            new CachedSchemaRegistryClient(rest, NO_CAPACITY, settings, Map.of());
        } catch (RuntimeException e) {   // Kafka's ConfigException, and a bare one for stores that cannot be read
            throw new ConfigException("schema-registry.properties: " + withoutSecrets(RegistryText.of(e), settings));
        } catch (LinkageError e) {
            throw new ConfigException("schema-registry.properties: this version of Confluent's client cannot do that beside the Kafka of"
                    + " this release (" + e + "); choose another way to log in, or build with a newer one (-Dconfluent.version=…)");
        }
        return new Service(base, rest);
    }

    private static String withoutSecrets(String text, Map<String, String> settings) {
        String shown = text;
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (setting.getKey().matches(SECRET) && !setting.getValue().isEmpty()) {
                shown = shown.replace(setting.getValue(), "******");
            }
        }
        return shown;
    }
}
