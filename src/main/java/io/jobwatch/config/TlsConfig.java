package io.jobwatch.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS with a job service, and with the token endpoint where there is one. Files are PEM and are read again when they change.
 *
 * @param caFile          certificates to trust instead of the platform's
 * @param certificateFile the client's certificate chain; with {@code keyFile} or not at all
 * @param keyFile         the client's private key, RSA, EC or EdDSA as PKCS #8, not encrypted
 */
public record TlsConfig(Optional<Path> caFile, Optional<Path> certificateFile, Optional<Path> keyFile) {
}
