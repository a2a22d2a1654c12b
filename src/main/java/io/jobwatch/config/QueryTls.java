package io.jobwatch.config;

import java.nio.file.Path;

/**
 * TLS with those who ask queries. Both files are PEM and are read again when they change.
 *
 * @param certificateFile the server's certificate first, then that of its issuer, and so on
 * @param keyFile         its private key, RSA, EC or EdDSA as PKCS #8, not encrypted
 */
public record QueryTls(Path certificateFile, Path keyFile) {
}
