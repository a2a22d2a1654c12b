package io.jobwatch.cli;

import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.Pem;
import io.jobwatch.config.QueryTls;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.TlsConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Optional;

/**
 * When the certificates end that an instance shows: its own to whoever asks, and those to job services. The files are read again at each
 * scrape, as what uses them reads them again, too.
 */
final class CertificateMetrics {

    private CertificateMetrics() {
    }

    static void bind(JobwatchConfig config, MeterRegistry meters) {
        gauge(meters, "query", config.query().tls().map(QueryTls::certificateFile));
        for (SourceConfig source : config.sources()) {
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
