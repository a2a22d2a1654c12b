package io.jobwatch.registry;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.utils.UrlList;
import io.jobwatch.config.ConfigException;
import io.jobwatch.registry.HttpSchemaRegistry.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Makes Confluent's REST client from addresses and properties. All the client's own properties are handed to it; what only the serializers
 * above it would fill in is filled in here, so that a configuration means the same to both clients: credentials without a source name
 * theirs, and those in an address count.
 *
 * @param addresses without user info, so that the library can neither log nor throw it; also held by {@code rest}
 */
record ConfluentSettings(UrlList addresses, RestService rest) {
    private static final String PROPERTIES = "schema-registry.properties.";
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
            SchemaRegistryClientConfig.BEARER_AUTH_CUSTOM_PROVIDER_CLASS, "auto.register.schemas");
    private static final String HEADER = "request.header.";
    private static final String SECRET = "(?i).*(user\\.info|token|secret|password|keystore\\.key).*";
    /** For caches of the library that are not used. */
    private static final int NO_CAPACITY = 1;


    /**
     * Configures the library's client; reaches for nothing.
     *
     * @param timeouts limits that properties can only shorten
     * @throws ConfigException if an address or a setting is wrong; it shows no secret
     */
    static ConfluentSettings of(List<URI> urls, Map<String, String> properties, Timeouts timeouts) {
        requireAddresses(urls);
        requireKnown(properties.keySet());
        Map<String, String> settings = new HashMap<>(properties);
        nameTheSources(urls, settings);
        atMost(settings, SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, timeouts.connect());
        atMost(settings, SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, timeouts.exchange());
        UrlList addresses = new UrlList(urls.stream().map(SchemaRegistries::shown).toList());
        RestService rest = new RestService(addresses);
        configure(rest, settings);
        return new ConfluentSettings(addresses, rest);
    }

    private static void requireAddresses(List<URI> urls) {
        if (urls.isEmpty()) {
            throw new ConfigException("schema-registry.url: expected at least one address such as http://localhost:8081");
        }
        for (URI url : urls) {
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
                throw new ConfigException("schema-registry.url: expected http(s)://host:port[/path], found " + SchemaRegistries.shown(url));
            }
        }
    }

    /** The library ignores what it does not know; a setting for security must not be ignored in silence. */
    private static void requireKnown(Set<String> names) {
        Set<String> known = new TreeSet<>(OWN_NAMES);
        ConfigDef tls = new ConfigDef();
        SchemaRegistryClientConfig.withClientSslSupport(tls, SchemaRegistryClientConfig.CLIENT_NAMESPACE);
        known.addAll(tls.names());
        boolean anything = names.contains(SchemaRegistryClientConfig.BEARER_AUTH_CUSTOM_PROVIDER_CLASS);
        for (String name : names) {
            if (!anything && !known.contains(name) && !name.startsWith(HEADER)) {
                throw new ConfigException(PROPERTIES + name + ": Confluent's client does not know it; expected one of "
                        + String.join(", ", known) + ", " + HEADER + "<name>");
            }
        }
    }

    private static void nameTheSources(List<URI> urls, Map<String, String> settings) {
        if (settings.containsKey(USER_INFO) && settings.containsKey(TOKEN)) {
            throw new ConfigException("schema-registry.properties: set " + USER_INFO + " or " + TOKEN + ", not both");
        }
        if (settings.containsKey(TOKEN)) {
            if (!settings.get(TOKEN).matches("[\\x21-\\x7e]+")) {
                throw new ConfigException(PROPERTIES + TOKEN
                        + ": expected visible ASCII characters, found others or nothing; is there a line end?");
            }
            settings.putIfAbsent(BEARER_SOURCE, "STATIC_TOKEN");
        } else if ("STATIC_TOKEN".equals(settings.get(BEARER_SOURCE))) {
            throw new ConfigException(PROPERTIES + TOKEN + ": expected the token, found nothing");
        }
        if (settings.containsKey(USER_INFO)) {
            settings.putIfAbsent(BASIC_SOURCE, "USER_INFO");
        }
        if (settings.getOrDefault(BASIC_SOURCE, "URL").equals("URL")) {
            userInfoOfAddresses(urls, settings);
        }
    }

    /** Handed over as a property: the library would show an address with it in its log and in its exceptions. */
    private static void userInfoOfAddresses(List<URI> urls, Map<String, String> settings) {
        if (settings.containsKey(USER_INFO)) {
            throw new ConfigException(PROPERTIES + BASIC_SOURCE + ": URL leaves " + USER_INFO + " unused; expected USER_INFO, or no "
                    + USER_INFO);
        }
        settings.remove(BASIC_SOURCE);
        Set<String> found = new HashSet<>();
        urls.forEach(url -> found.add(url.getUserInfo()));
        if (found.size() > 1) {
            throw new ConfigException("schema-registry.url: Confluent's client has one user for all addresses; give each the same, or set "
                    + USER_INFO + ", or choose the client built-in");
        }
        for (String userInfo : found) {
            // A token counts more than what the address says, as with the built-in client.
            if (userInfo != null && !settings.containsKey(BEARER_SOURCE)) {
                settings.put(BASIC_SOURCE, "USER_INFO");
                settings.put(USER_INFO, userInfo);
            }
        }
    }

    private static void atMost(Map<String, String> settings, String name, Duration limit) {
        String wished = settings.getOrDefault(name, String.valueOf(limit.toMillis()));
        if (!wished.matches("[1-9][0-9]{0,8}")) {
            throw new ConfigException(PROPERTIES + name + ": expected milliseconds, found " + wished);
        }
        settings.put(name, String.valueOf(Math.min(Long.parseLong(wished), limit.toMillis())));
    }

    private static void configure(RestService rest, Map<String, String> settings) {
        Map<String, String> headers = settings.entrySet().stream().filter(setting -> setting.getKey().startsWith(HEADER))
                .collect(Collectors.toMap(setting -> setting.getKey().substring(HEADER.length()), Map.Entry::getValue));
        try {
            // Made for what its constructor does to the REST client: credentials, TLS, proxy, time-outs and headers. It keeps nothing else.
            new CachedSchemaRegistryClient(rest, NO_CAPACITY, settings, headers);
        } catch (RuntimeException e) {   // Kafka's ConfigException, and a bare one for stores that cannot be read
            throw new ConfigException("schema-registry.properties: " + withoutSecrets(RegistryHttp.oneLine(words(e)), settings));
        } catch (LinkageError e) {
            throw new ConfigException("schema-registry.properties: this version of Confluent's client cannot do that beside the Kafka of this"
                    + " release (" + e + "); choose another way to log in, or build with a newer one (-Dconfluent.version=…)");
        }
    }

    /** {@return what a failure and its causes say: the library's own words are often just that something could not be loaded} */
    private static String words(Throwable failure) {
        StringBuilder words = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            words.append(words.isEmpty() ? "" : ": ").append(cause.getMessage() == null ? cause.getClass().getSimpleName()
                    : cause.getMessage());
        }
        return words.toString();
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
