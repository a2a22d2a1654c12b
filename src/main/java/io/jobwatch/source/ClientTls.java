package io.jobwatch.source;

import io.jobwatch.config.Pem;
import io.jobwatch.config.TlsConfig;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Whom to trust and who we are, from PEM files. */
public final class ClientTls {

    /** Of a store that is never written to a disk. */
    private static final char[] IN_MEMORY = "in memory".toCharArray();

    private ClientTls() {
    }

    /**
     * {@return a context that trusts the configured CA alone, or whom the platform trusts, and shows the configured certificate, if any}
     *
     * @throws Pem.PemException if a file cannot be used; the message names it
     */
    public static SSLContext context(TlsConfig tls) throws Pem.PemException {
        KeyManager[] keys = tls.certificateFile().isPresent() && tls.keyFile().isPresent()
                ? keys(tls.certificateFile().get(), tls.keyFile().get())
                : null; // none
        TrustManager[] trust = tls.caFile().isPresent() ? trust(tls.caFile().get()) : null; // the platform's
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
        }
    }

    private static TrustManager[] trust(Path file) throws Pem.PemException {
        KeyStore trusted = Pem.trustStore(file);
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the certificates of " + file + " cannot be used", e);
        }
    }

    private static KeyManager[] keys(Path certificateFile, Path keyFile) throws Pem.PemException {
        KeyStore store = Pem.keyStore(certificateFile, keyFile, IN_MEMORY);
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, IN_MEMORY);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of " + keyFile + " cannot be used", e);
        }
    }
}
