package io.jobwatch.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of values in the configuration. */
final class Kinds {
    private static final String HOST_PORT = "([^\\s,:@/\\[\\]]+|\\[[0-9a-fA-F:]+]):[0-9]{1,5}";
    private static final String LOOPBACK_HOST = "localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|::1";

    static final Kind<String> TEXT = new Kind<>("a text", Optional::of);
    /** What stands in every record of a source's jobs. */
    static final Kind<String> LABEL = new Kind<>("a text of at most 256 characters",
            text -> Optional.of(text).filter(t -> t.length() <= 256));
    static final Kind<String> NOT_EMPTY = new Kind<>("a text that is not empty", text -> Optional.of(text).filter(t -> !t.isBlank()));
    static final Kind<Integer> PORT = Kind.integer(0, 65_535);
    static final Kind<Path> PATH = new Kind<>("a path", Kinds::path);
    static final Kind<Duration> INTERVAL = duration("a duration of at least 100ms, such as 2500ms, 30s, 1h or 7d", Duration.ofMillis(100));
    static final Kind<Duration> DURATION = duration("a duration such as 2500ms, 30s, 1h or 7d", Duration.ZERO);
    /** How a source is doing is told every 30 s. */
    static final Kind<Duration> DOWN_AFTER = duration("a duration of at least 1m, such as 5m or 1h", Duration.ofMinutes(1));
    static final Kind<StartFrom> START_FROM = new Kind<>("now, all, or a duration such as 12h or 7d", Kinds::startFrom);
    static final Kind<URI> SERVICE_URL = new Kind<>(
            "http(s)://host[:port][/path], without a query, and with credentials under auth rather than in the address", Kinds::serviceUrl);
    /** RFC 6749, 3.2: a token endpoint must use TLS, for it is sent a secret and answers with another. */
    static final Kind<URI> TOKEN_URL = new Kind<>("https://host[:port][/path] without a query, or http only on a loopback address "
            + "(127.0.0.1, [::1] or localhost), since the client's secret is sent there", Kinds::tokenUrl);
    static final Kind<String> BOOTSTRAP_SERVERS = Kind.matching(
            "embedded, or host:port, several with commas", "embedded|" + HOST_PORT + "(\\s*,\\s*" + HOST_PORT + ")*");
    static final Kind<String> REGISTRY_URL =
            new Kind<>("embedded, or http(s)://host[:port][/path], several with commas", Kinds::registryUrl);
    static final Kind<String> SOURCE_NAME = Kind.matching(
            "a name of a-z, 0-9 and hyphens that does not begin with a hyphen (at most 100)", "[a-z0-9][a-z0-9-]{0,99}");
    static final Kind<String> APPLICATION_ID = Kind.matching("1 to 100 of the characters A-Z a-z 0-9 . _ -", "[A-Za-z0-9._-]{1,100}");
    static final Kind<String> TOPIC_PREFIX = Kind.matching("at most 200 of the characters A-Z a-z 0-9 . _ -", "[A-Za-z0-9._-]{0,200}");
    static final Kind<String> LOOPBACK = Kind.matching(
            "a loopback address (127.0.0.1, ::1 or localhost), as query.auth.type is none and any other address would show every job to "
                    + "whoever reaches this host; with query.auth.type bearer it may be any",
            LOOPBACK_HOST);
    static final Kind<String> HOST = Kind.matching("an address or name of this machine, without a port (0.0.0.0 for all addresses)",
            "[^\\s,:@/\\[\\]]+|[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
    static final Kind<Boolean> FLAG = new Kind<>("true or false", text -> switch (text) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
    });
    /** As Kafka's clients read one; empty is as none. */
    static final Kind<String> CLIENT_FLAG = Kind.matching("true or false", "(?i)true|false|");
    /** What can stand in a header: a line end would begin another one. */
    static final Kind<String> CREDENTIAL = Kind.matching(
            "a value of visible ASCII characters, with spaces between them only (is the variable or file empty?)",
            "[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");
    static final Kind<String> PASSWORD = Kind.matching(
            "a value without control characters (is the variable or file empty?)", "[^\\p{Cntrl}]+");

    private Kinds() {
    }

    private static Kind<Duration> duration(String expected, Duration atLeast) {
        return new Kind<>(expected, text -> DurationText.parse(text).filter(duration -> duration.compareTo(atLeast) >= 0));
    }

    private static Optional<StartFrom> startFrom(String text) {
        return switch (text) {
            case "now" -> Optional.of(new StartFrom.Now());
            case "all" -> Optional.of(new StartFrom.All());
            default -> DurationText.parse(text).map(StartFrom.Since::new);
        };
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<URI> serviceUrl(String text) {
        return httpUrl(text).filter(url -> url.getRawUserInfo() == null);
    }

    private static Optional<URI> tokenUrl(String text) {
        return serviceUrl(text).filter(url -> "https".equalsIgnoreCase(url.getScheme())
                || url.getHost().replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT).matches(LOOPBACK_HOST));
    }

    private static Optional<String> registryUrl(String text) {
        return text.equals(RegistryConfig.EMBEDDED) || Arrays.stream(text.split(",", -1)).allMatch(url -> httpUrl(url.strip()).isPresent())
                ? Optional.of(text)
                : Optional.empty();
    }

    private static Optional<URI> httpUrl(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            return http && url.getHost() != null && url.getRawQuery() == null && url.getRawFragment() == null
                    ? Optional.of(url)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
