package io.jobwatch.source;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Pem;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.TlsConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP client of a source: always the same, or a new one once the files of its TLS settings have changed. While these cannot be used,
 * as when only one of a pair has been replaced yet, the last client is used on. Thread-safe.
 */
final class HttpClients implements Supplier<HttpClient> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpClients.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final String source;
    private final Optional<TlsConfig> tls;
    private final Executor executor;
    private final Clock clock;
    private HttpClient client;
    private Instant lookedAt;
    private List<String> seen;
    private String complaint = "";

    /** @throws ConfigException if the files cannot be used */
    HttpClients(SourceConfig config, Executor executor, Clock clock) {
        this.source = config.name();
        this.tls = config.tls();
        this.executor = executor;
        this.clock = clock;
        this.lookedAt = clock.instant();
        this.seen = fingerprints();
        try {
            this.client = create();
        } catch (Pem.PemException e) {
            throw new ConfigException("tls: " + e.getMessage());
        }
    }

    @Override
    public synchronized HttpClient get() {
        Duration since = Duration.between(lookedAt, clock.instant()).abs(); // a clock may be set back
        if (tls.isPresent() && since.compareTo(LOOK_EVERY) >= 0) {
            lookedAt = clock.instant();
            renewIfChanged();
        }
        return client;
    }

    private void renewIfChanged() {
        List<String> now = fingerprints();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            client = create(); // the one before ends by itself, after the exchange that it may be in
            complaint = "";
            LOG.info("{}: the files under tls have changed, new connections use them", source);
        } catch (Pem.PemException e) {
            if (!complaint.equals(e.getMessage())) {
                LOG.warn("{}: tls: {}; what was there last is used on", source, e.getMessage());
            }
            complaint = e.getMessage();
        }
    }

    private HttpClient create() throws Pem.PemException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(executor)
                .followRedirects(HttpClient.Redirect.NEVER)
                // With one request in flight HTTP/2 gains nothing, and its upgrade header confuses old servers.
                .version(HttpClient.Version.HTTP_1_1);
        if (tls.isPresent()) {
            builder.sslContext(ClientTls.context(tls.get()));
        }
        return builder.build();
    }

    /** Of the contents, since a time of change can stay the same while a link leads to another file. */
    private List<String> fingerprints() {
        return tls.stream().flatMap(files -> Stream.of(files.caFile(), files.certificateFile(), files.keyFile()))
                .flatMap(Optional::stream).map(HttpClients::fingerprint).toList();
    }

    private static String fingerprint(Path file) {
        try {
            return Arrays.toString(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            return e.getClass().getSimpleName(); // what is wrong is told when the file is read for use
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
