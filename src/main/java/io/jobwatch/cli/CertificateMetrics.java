package io.jobwatch.cli;

import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.Pem;
import io.jobwatch.config.QueryTls;
import io.jobwatch.config.Role;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.TlsConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * When the certificates end that an instance is to show: its own to whoever asks, and those to job services. The files are read at each
 * scrape; what uses them reads them again when they change, and stays with what it had where they do not fit together.
 */
final class CertificateMetrics {

    private CertificateMetrics() {
    }

    static void bind(JobwatchConfig config, MeterRegistry meters) {
        gauge(meters, "query", config.query().tls().map(QueryTls::certificateFile));
        for (SourceConfig source : config.roles().contains(Role.POLL) ? config.sources() : List.<SourceConfig>of()) {
            source.tls().flatMap(TlsConfig::certificateFile).ifPresent(file -> gauge(meters, "source/" + source.name(), Optional.of(file)));
        }
    }

    private static void gauge(MeterRegistry meters, String certificate, Optional<Path> file) {
        Gauge.builder("jobwatch.certificate.expiry.timestamp.seconds", () -> file.map(CertificateMetrics::expiry).orElse(Double.NaN))
                .description("When the certificate expires, in seconds since 1970").tag("certificate", certificate).register(meters);
    }

    /** {@return the end of the first that ends of those in the file; not a number where it cannot be read, which its user complains about} */
    private static double expiry(Path file) {
        try {
            return Pem.certificates(file).stream().mapToDouble(each -> each.getNotAfter().toInstant().getEpochSecond()).min().orElseThrow();
        } catch (Pem.PemException e) {
            return Double.NaN;
        }
    }
}
