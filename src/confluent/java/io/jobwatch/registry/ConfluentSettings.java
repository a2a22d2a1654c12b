package io.jobwatch.registry;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.utils.UrlList;
import io.jobwatch.config.ConfigException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;

/**
 * Makes Confluent's REST client from addresses and properties. All the client's own properties are handed to it; what only the serializers
 * above it would fill in is filled in here, so that a configuration means the same to both clients: credentials without a source name
 * theirs, and those in an address count.
 *
 * @param addresses without user info, so that the library can neither log nor throw it; also held by {@code rest}
 * @param patience  how long to wait
 */
record ConfluentSettings(UrlList addresses, RestService rest, Patience patience) {
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
    /** For caches of the library that are not used. */
    private static final int NO_CAPACITY = 1;


    /**
     * Configures the library's client; reaches for nothing.
     *
     * @param timeouts limits that properties can only shorten
     * @throws ConfigException if an address or a setting is wrong; it shows no secret
     */
    static ConfluentSettings of(List<URI> urls, Map<String, String> given, RegistryTimeouts timeouts) {
        RegistryProperties properties = RegistryProperties.of(given, known(given));
        Patience patience = Patience.of(properties, timeouts);
        Map<String, String> settings = new HashMap<>(properties.all());
        settings.entrySet().removeIf(setting -> setting.getValue().isEmpty() && !setting.getKey().startsWith(TLS));
        nameTheSources(urls, settings);
        checkTheHost(settings);
        settings.put(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, String.valueOf(patience.connect().toMillis()));
        settings.put(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, String.valueOf(patience.exchange().toMillis()));
        RegistryCredentials none = new RegistryCredentials(Optional.empty(), Map.of());
        UrlList addresses = new UrlList(RegistryAddress.of(urls, none).stream().map(RegistryAddress::base).toList());
        RestService rest = new RestService(addresses);
        configure(rest, settings);
        return new ConfluentSettings(addresses, rest, patience);
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

    private static void nameTheSources(List<URI> urls, Map<String, String> settings) {
        boolean open = !settings.containsKey(BASIC_SOURCE) && !settings.containsKey(BEARER_SOURCE);
        if (open && settings.containsKey(USER_INFO) && settings.containsKey(TOKEN)) {
            throw RegistryProperties.problem(USER_INFO, "set this or " + TOKEN + ", not both");
        }
        if (open && settings.containsKey(USER_INFO)) {
            settings.put(BASIC_SOURCE, "USER_INFO");
        }
        if (open && settings.containsKey(TOKEN)) {
            settings.put(BEARER_SOURCE, "STATIC_TOKEN");
        }
        if ("STATIC_TOKEN".equals(settings.get(BEARER_SOURCE))) {
            requireToken(Optional.ofNullable(settings.get(TOKEN)));
        } else if (!settings.containsKey(BEARER_SOURCE) && settings.getOrDefault(BASIC_SOURCE, "URL").equals("URL")) {
            userInfoOfAddresses(urls, settings);
        }
    }

    /** Before the JDK refuses the header, and shows it. */
    private static void requireToken(Optional<String> token) {
        if (!token.orElseThrow(() -> RegistryProperties.problem(TOKEN, "expected the token, found nothing")).matches("[\\x21-\\x7e]+")) {
            throw RegistryProperties.problem(TOKEN, "expected visible ASCII characters, found others; is there a line end?");
        }
    }

    /** Handed over as a property: the library would show an address with it in its log and in its exceptions. */
    private static void userInfoOfAddresses(List<URI> urls, Map<String, String> settings) {
        settings.remove(BASIC_SOURCE);
        Set<String> found = new HashSet<>();
        urls.forEach(url -> found.add(url.getUserInfo()));
        if (found.size() > 1) {
            throw new ConfigException("schema-registry.url: Confluent's client has one user for all addresses; give each the same, or set "
                    + USER_INFO + ", or choose the client built-in");
        }
        found.forEach(userInfo -> {
            if (userInfo != null) {
                settings.put(BASIC_SOURCE, "USER_INFO");
                settings.put(USER_INFO, userInfo);
            }
        });
    }

    private static void configure(RestService rest, Map<String, String> settings) {
        Map<String, String> headers = settings.entrySet().stream().filter(setting -> setting.getKey().startsWith(RegistryProperties.HEADER))
                .collect(Collectors.toMap(setting -> setting.getKey().substring(RegistryProperties.HEADER.length()), Map.Entry::getValue));
        try {
            // Made for what its constructor does to the REST client: credentials, TLS, proxy, time-outs and headers. It keeps nothing else.
            new CachedSchemaRegistryClient(rest, NO_CAPACITY, settings, headers);
        } catch (RuntimeException e) {   // Kafka's ConfigException, and a bare one for stores that cannot be read
            throw new ConfigException("schema-registry.properties: " + withoutSecrets(RegistryText.of(e), settings));
        } catch (LinkageError e) {
            throw new ConfigException("schema-registry.properties: this version of Confluent's client cannot do that beside the Kafka of"
                    + " this release (" + e + "); choose another way to log in, or build with a newer one (-Dconfluent.version=…)");
        }
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
