package io.jobwatch.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code sources}. */
final class SourceReader {
    private static final Kind<String> TYPE =
            Kind.matching("one of ams-v2, ams-v3, slurm, http-json", "ams-v2|ams-v3|slurm|http-json");

    private final Map<String, Cursor> namedAt = new HashMap<>();

    private SourceReader() {
    }

    static List<SourceConfig> read(Cursor list) {
        SourceReader reader = new SourceReader();
        List<SourceConfig> sources = new ArrayList<>();
        list.items().ifPresent(items -> items.forEach(item -> item.fields().flatMap(reader::source).ifPresent(sources::add)));
        return sources;
    }

    private Optional<SourceConfig> source(Fields source) {
        Optional<String> name = source.required("name", Kinds.SOURCE_NAME);
        name.ifPresent(text -> requireUnique(text, source.get("name").orElseThrow()));
        Optional<String> type = source.required("type", TYPE);
        Optional<URI> url = source.required("url", Kinds.SERVICE_URL);
        String account = source.optional("account", Kinds.LABEL).orElse("");
        Optional<String> location = source.optional("location", Kinds.LABEL);
        Duration pollInterval = source.optional("poll-interval", Kinds.INTERVAL).orElse(SourceConfig.DEFAULT_POLL_INTERVAL);
        Duration requestTimeout = source.optional("request-timeout", Kinds.INTERVAL).orElse(SourceConfig.DEFAULT_REQUEST_TIMEOUT);
        Duration detailsTimeout = source.optional("details-timeout", Kinds.DURATION).orElse(SourceConfig.DEFAULT_DETAILS_TIMEOUT);
        StartFrom startFrom = source.optional("start-from", Kinds.START_FROM).orElseGet(StartFrom.Now::new);
        Duration idleInterval = source.optional("idle-interval", Kinds.INTERVAL).orElse(pollInterval);
        if (idleInterval.compareTo(pollInterval) < 0) {
            source.get("idle-interval").ifPresent(place -> place.problem("expected no less than poll-interval, found less"));
        }
        Optional<RequestLimit> requestLimit = source.section("request-limit").flatMap(RequestLimitReader::read);
        AuthConfig auth = source.section("auth").flatMap(AuthReader::read).orElseGet(AuthConfig.None::new);
        Optional<TlsConfig> tls = source.section("tls").map(TlsReader::read);
        if (tls.isPresent() && url.isPresent() && !usesTls(url.get(), auth)) {
            source.get("tls").ifPresent(place -> place.problem("expected an https url where tls is set, found http"));
        }
        Optional<SourceOptions> options = type.flatMap(word -> options(word, source, url));
        source.finish();
        if (name.isEmpty() || type.isEmpty() || url.isEmpty() || options.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SourceConfig(name.get(), type.get(), url.get(), account, location, pollInterval, requestTimeout,
                detailsTimeout, startFrom, auth, idleInterval, requestLimit, tls, options.get()));
    }

    private static Optional<? extends SourceOptions> options(String type, Fields source, Optional<URI> url) {
        return switch (type) {
            case "ams-v2" -> Optional.of(AmsReader.v2(source));
            case "ams-v3" -> Optional.of(AmsReader.v3(source, url));
            case HttpJsonReader.TYPE -> HttpJsonReader.read(source);
            default -> Optional.of(new SourceOptions.None());
        };
    }

    private static boolean usesTls(URI url, AuthConfig auth) {
        return "https".equalsIgnoreCase(url.getScheme())
                || auth instanceof AuthConfig.OAuth2 oauth && "https".equalsIgnoreCase(oauth.tokenUrl().getScheme());
    }

    private void requireUnique(String name, Cursor place) {
        Cursor before = namedAt.putIfAbsent(name, place);
        if (before != null) {
            place.problem("expected a name of its own, found \"" + name + "\", which is the name of the source at "
                    + Problems.at(before.place()).substring(1));
        }
    }
}
