package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.Pem;
import io.jobwatch.config.TestKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateMetricsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    @Test
    void shouldTellWhenEachCertificateExpiresAlsoOnceItsFileHasChanged() throws Exception {
        TestKeys server = TestKeys.make(folder, "server", "EC");
        TestKeys client = TestKeys.make(folder, "client", "EC");
        CertificateMetrics.bind(config("""
                query: {tls: {certificate-file: %s, key-file: %s}}
                sources:
                  - {name: mtls, type: ams-v2, url: "https://127.0.0.1:1", account: a, tls: {certificate-file: %s, key-file: %s}}
                  - {name: plain, type: ams-v2, url: "https://127.0.0.1:1", account: a}
                """.formatted(server.certificate(), server.key(), client.certificate(), client.key())), meters);

        assertThat(expiry("query")).isEqualTo(end(server.certificate()));
        assertThat(expiry("source/mtls")).isEqualTo(end(client.certificate()));
        assertThat(meters.getMeters()).hasSize(2);

        Files.delete(client.certificate());
        assertThat(expiry("source/mtls")).isNaN();
        TestKeys later = TestKeys.make(folder, "later", "EC");
        Files.copy(later.certificate(), client.certificate());
        assertThat(expiry("source/mtls")).isEqualTo(end(later.certificate()));
    }

    @Test
    void shouldTellTheFirstThatExpiresOfThoseInAFile() throws Exception {
        TestKeys first = TestKeys.make(folder, "first", "EC");
        Thread.sleep(1_100);   // certificates end at whole seconds
        TestKeys second = TestKeys.make(folder, "second", "EC");
        CertificateMetrics.bind(config("query: {tls: {certificate-file: %s, key-file: %s}}".formatted(second.certificate(), second.key())),
                meters);

        // As that of an issuer would be.
        Files.writeString(second.certificate(), Files.readString(first.certificate()), StandardOpenOption.APPEND);

        assertThat(end(second.certificate())).isGreaterThan(end(first.certificate()));
        assertThat(expiry("query")).isEqualTo(end(first.certificate()));
    }

    @Test
    void shouldTellNoNumberWhereThereIsNone() throws Exception {
        CertificateMetrics.bind(config("roles: [query]"), meters);

        assertThat(expiry("query")).isNaN();
        assertThat(meters.getMeters()).hasSize(1);
    }

    private double expiry(String certificate) {
        return meters.get("jobwatch.certificate.expiry.timestamp.seconds").tag("certificate", certificate).gauge().value();
    }

    private static double end(Path certificate) throws Exception {
        return Pem.certificates(certificate).get(0).getNotAfter().toInstant().getEpochSecond();
    }

    private JobwatchConfig config(String yaml) throws Exception {
        return ConfigLoader.load(Files.writeString(folder.resolve("jobwatch.yaml"), yaml.contains("sources") ? yaml : yaml + "\nsources: []\n"),
                name -> null);
    }
}
