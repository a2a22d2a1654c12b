package io.jobwatch.config;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Reads {@code tls} of a source, and the files that it names, so that what is wrong with them is told with the rest. */
final class TlsReader {

    private TlsReader() {
    }

    /** {@return what is configured; where it is wrong, that has been noted} */
    static TlsConfig read(Fields tls) {
        Optional<Path> caFile = tls.optional("ca-file", Kinds.PATH);
        Optional<Path> certificateFile = tls.optional("certificate-file", Kinds.PATH);
        Optional<Path> keyFile = tls.optional("key-file", Kinds.PATH);
        tls.finish();
        caFile.ifPresent(file -> certificates(tls.get("ca-file").orElseThrow(), file));
        if (certificateFile.isPresent() && tls.get("key-file").isEmpty()) {
            tls.missing("key-file", "the private key of certificate-file");
        } else if (keyFile.isPresent() && tls.get("certificate-file").isEmpty()) {
            tls.missing("certificate-file", "the certificate of key-file");
        }
        certificateFile.ifPresent(file -> certificates(tls.get("certificate-file").orElseThrow(), file)
                .ifPresent(fine -> keyFile.ifPresent(key -> key(tls.get("key-file").orElseThrow(), file, key))));
        return new TlsConfig(caFile, certificateFile, keyFile);
    }

    private static Optional<List<X509Certificate>> certificates(Cursor place, Path file) {
        try {
            return Optional.of(Pem.certificates(file));
        } catch (Pem.PemException e) {
            place.problem(e.getMessage());
            return Optional.empty();
        }
    }

    private static void key(Cursor place, Path certificateFile, Path keyFile) {
        try {
            Pem.keyStore(certificateFile, keyFile, new char[0]);
        } catch (Pem.PemException e) {
            place.problem(e.getMessage());
        }
    }
}
