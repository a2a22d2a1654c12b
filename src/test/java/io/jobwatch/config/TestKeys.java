package io.jobwatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A private key and its self-signed certificate, made by the JDK's keytool, as PEM files. */
public final class TestKeys {
    private static final String PASSWORD = "changeit";

    private final Path certificate;
    private final Path key;
    private final KeyStore store;

    private TestKeys(Path certificate, Path key, KeyStore store) {
        this.certificate = certificate;
        this.key = key;
        this.store = store;
    }

    /** Makes a pair for localhost and 127.0.0.1. */
    public static TestKeys make(Path folder, String name, String algorithm) throws Exception {
        return make(folder, name, algorithm, "dns:localhost,ip:127.0.0.1");
    }

    /**
     * @param algorithm RSA or EC
     * @param hosts     whose certificate it is
     */
    public static TestKeys make(Path folder, String name, String algorithm, String hosts) throws Exception {
        Path file = folder.resolve(name + ".p12");
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1",
                "-genkeypair", "-alias", "key", "-keyalg", algorithm, "-dname", "CN=" + name, "-ext", "SAN=" + hosts, "-validity", "2",
                "-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Path certificate = Files.writeString(folder.resolve(name + ".crt"), pem("CERTIFICATE", store.getCertificate("key").getEncoded()));
        Path key = Files.writeString(folder.resolve(name + ".key"),
                pem("PRIVATE KEY", store.getKey("key", PASSWORD.toCharArray()).getEncoded()));
        return new TestKeys(certificate, key, store);
    }

    public static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }

    public Path certificate() {
        return certificate;
    }

    public Path key() {
        return key;
    }

    /** Writes key and certificate into a key store (PKCS12). @return the file */
    public Path keyStore(Path file, String password) throws Exception {
        KeyStore copy = KeyStore.getInstance("PKCS12");
        copy.load(null, null);
        copy.setKeyEntry("key", store.getKey("key", PASSWORD.toCharArray()), password.toCharArray(), store.getCertificateChain("key"));
        return write(copy, file, password);
    }

    /** Writes the certificate into a store of what is trusted (PKCS12). @return the file */
    public Path trustStore(Path file, String password) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("trusted", store.getCertificate("key"));
        return write(trusted, file, password);
    }

    private static Path write(KeyStore content, Path file, String password) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            content.store(out, password.toCharArray());
        }
        return file;
    }

    /** {@return the context of a server that has this key and trusts these clients} */
    public SSLContext server(TestKeys... clients) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (TestKeys client : clients) {
            trusted.setCertificateEntry("client-" + trusted.size(), client.store.getCertificate("key"));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), clients.length == 0 ? null : trust.getTrustManagers(), null);
        return context;
    }

    /** Puts another file in the place of one in one step, as careful tools do. */
    public static void replace(Path file, Path by) throws Exception {
        Path copy = Files.copy(by, file.resolveSibling(file.getFileName() + ".new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
