package io.jobwatch.query.http;

import io.jobwatch.config.Pem;
import io.jobwatch.config.QueryTls;
import io.jobwatch.query.QueryException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of TLS, 1.2 and later, with the cipher suites of the platform. Follows its PEM files: once they have changed, new
 * connections get the new certificate. While the files cannot be used, as when only one of the pair has been replaced yet, the last
 * certificate is used on.
 */
final class ServerTls extends SslContextFactory.Server {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Of a store that is never written to a disk. */
    private static final String IN_MEMORY = "in memory";

    private final QueryTls files;
    private final Clock clock;
    private final Object looking = new Object();
    private Instant lookedAt;
    private List<String> seen;
    private String complaint = "";

    /** @throws QueryException if the files cannot be used */
    ServerTls(QueryTls files, Clock clock) {
        this.files = files;
        this.clock = clock;
        this.lookedAt = clock.instant();
        this.seen = fingerprints();
        setIncludeProtocols("TLSv1.3", "TLSv1.2");
        setRenegotiationAllowed(false);
        setKeyStorePassword(IN_MEMORY);
        try {
            setKeyStore(store());
        } catch (Pem.PemException e) {
            throw new QueryException("query.tls: " + e.getMessage(), false, e);
        }
    }

    /** Called for each new connection. */
    @Override
    public SSLEngine newSSLEngine(InetSocketAddress address) {
        renewIfChanged();
        return super.newSSLEngine(address);
    }

    private void renewIfChanged() {
        synchronized (looking) {
            Duration since = Duration.between(lookedAt, clock.instant()).abs(); // a clock may be set back
            if (since.compareTo(LOOK_EVERY) < 0) {
                return;
            }
            lookedAt = clock.instant();
            List<String> now = fingerprints();
            if (!now.equals(seen)) {
                seen = now;
                renew();
            }
        }
    }

    private void renew() {
        try {
            KeyStore store = store();
            reload(factory -> factory.setKeyStore(store));
            complaint = "";
            LOG.info("the files under query.tls have changed, new connections use them");
        } catch (Pem.PemException e) {
            if (!complaint.equals(e.getMessage())) {
                LOG.warn("query.tls: {}; what was there last is used on", e.getMessage());
            }
            complaint = e.getMessage();
        } catch (Exception e) {
            throw new IllegalStateException("a certificate and a key that belong together cannot be used for TLS", e);
        }
    }

    private KeyStore store() throws Pem.PemException {
        return Pem.keyStore(files.certificateFile(), files.keyFile(), IN_MEMORY.toCharArray());
    }

    /** Of the contents, since a time of change can stay the same while a link leads to another file. */
    private List<String> fingerprints() {
        return Stream.of(files.certificateFile(), files.keyFile()).map(ServerTls::fingerprint).toList();
    }

    private static String fingerprint(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            return e.getClass().getSimpleName(); // what is wrong is told when the file is read for use
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
