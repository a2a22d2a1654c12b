package io.jobwatch.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads certificates and private keys from PEM files (RFC 7468). What stands between the parts of a file is not looked at. */
public final class Pem {
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String CONVERT = "; convert it: openssl pkcs8 -topk8 -nocrypt -in <it> -out <file>";

    private Pem() {
    }

    /** A file is not what it should be. The message names it, and says what was expected and what to do; it shows no key. */
    public static final class PemException extends Exception {
        private static final long serialVersionUID = 1L;

        PemException(String message) {
            super(message);
        }
    }

    private record Part(String label, String content) {

        byte[] bytes(Path file) throws PemException {
            try {
                return Base64.getMimeDecoder().decode(content);
            } catch (IllegalArgumentException e) {
                throw new PemException(file + ": the part " + label + " is not valid Base64; is the file cut or edited?");
            }
        }
    }

    /** {@return all certificates of a file in their order; at least one} */
    public static List<X509Certificate> certificates(Path file) throws PemException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Part part : parts(file)) {
            if (part.label().equals("CERTIFICATE")) {
                certificates.add(certificate(file, part.bytes(file)));
            }
        }
        if (certificates.isEmpty()) {
            throw new PemException(file + ": expected a certificate in PEM (-----BEGIN CERTIFICATE-----), found none; "
                    + "one in DER is converted by: openssl x509 -inform der -in <it> -out <file>");
        }
        return List.copyOf(certificates);
    }

    /** {@return a key store in memory that trusts the certificates of a file, and nothing else} */
    public static KeyStore trustStore(Path file) throws PemException {
        List<X509Certificate> certificates = certificates(file);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate certificate : certificates) {
                store.setCertificateEntry("certificate-" + store.size(), certificate);
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new PemException(file + ": its certificates cannot be used: " + e.getMessage());
        }
    }

    /**
     * {@return a key store in memory with one entry: a private key and its certificates}
     *
     * @param certificateFile the certificate of the key first, then that of its issuer, and so on
     * @param keyFile         the key as PKCS #8, not encrypted
     * @param password        of the entry
     */
    public static KeyStore keyStore(Path certificateFile, Path keyFile, char[] password) throws PemException {
        List<X509Certificate> chain = certificates(certificateFile);
        PrivateKey key = key(keyFile, chain.get(0));
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", key, password, chain.toArray(X509Certificate[]::new));
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new PemException(certificateFile + ": its certificates cannot be used: " + e.getMessage()
                    + "; expected the key's own first, then that of its issuer, and so on");
        }
    }

    private static X509Certificate certificate(Path file, byte[] der) throws PemException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new PemException(file + ": a certificate in it cannot be read; is the file cut or edited?");
        }
    }

    /** @param owner the certificate that the key must belong to */
    private static PrivateKey key(Path file, X509Certificate owner) throws PemException {
        List<Part> keys = parts(file).stream().filter(part -> part.label().endsWith("PRIVATE KEY")).toList();
        if (keys.size() != 1) {
            throw new PemException(file + ": expected one private key in PEM (-----BEGIN PRIVATE KEY-----), found "
                    + (keys.isEmpty() ? "none" : keys.size()));
        }
        Part part = keys.get(0);
        if (part.label().equals("ENCRYPTED PRIVATE KEY") || part.content().contains("ENCRYPTED")) {
            throw new PemException(file + ": the private key is encrypted; expected one that is not, in a file that only jobwatch may read"
                    + CONVERT);
        }
        if (!part.label().equals("PRIVATE KEY")) {
            throw new PemException(file + ": expected a private key as PKCS #8 (-----BEGIN PRIVATE KEY-----), found -----BEGIN "
                    + part.label() + "-----" + CONVERT);
        }
        return key(file, part.bytes(file), owner);
    }

    private static PrivateKey key(Path file, byte[] pkcs8, X509Certificate owner) throws PemException {
        PublicKey other = owner.getPublicKey();
        String misfit = file + ": the private key does not belong to the certificate of " + owner.getSubjectX500Principal().getName()
                + "; they must be a pair, the key's own certificate the first of its file";
        PrivateKey key;
        try {
            key = KeyFactory.getInstance(other.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new PemException(misfit + " (it is no " + other.getAlgorithm() + " key, or cannot be read)");
        }
        if (!fits(file, key, other)) {
            throw new PemException(misfit);
        }
        return key;
    }

    /** A pair is one if what the one signs the other verifies. */
    private static boolean fits(Path file, PrivateKey key, PublicKey other) throws PemException {
        String algorithm = switch (other.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> throw new PemException(file + ": expected an RSA, EC or EdDSA key, found " + other.getAlgorithm());
        };
        byte[] probe = "jobwatch".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // keys of different curves or sizes cannot even be tried on each other
        }
    }

    private static List<Part> parts(Path file) throws PemException {
        String text = text(file);
        List<Part> parts = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            int end = labelEnd < 0 ? -1 : text.indexOf("-----END " + label + DASHES, labelEnd);
            if (end < 0) {
                throw new PemException(file + ": a part begins but does not end; is the file cut?");
            }
            parts.add(new Part(label, text.substring(labelEnd + DASHES.length(), end)));
            at = text.indexOf(BEGIN, end);
        }
        return parts;
    }

    private static String text(Path file) throws PemException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new PemException(file + ": expected at most " + MAX_BYTES + " bytes, found more");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1); // PEM is ASCII, and what is not stands between the parts
        } catch (IOException e) {
            throw new PemException("cannot read " + file + ": " + e.getClass().getSimpleName());
        }
    }
}
