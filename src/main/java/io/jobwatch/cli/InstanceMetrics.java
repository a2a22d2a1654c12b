package io.jobwatch.cli;

import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.config.Role;
import io.jobwatch.topology.BoundedRocksDb;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The metrics of an instance as such, whatever it does. */
final class InstanceMetrics {

    private InstanceMetrics() {
    }

    /** {@return where the roles put theirs, too} */
    static PrometheusMeterRegistry start(JobwatchConfig config, Closing closing) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        JvmGcMetrics gc = new JvmGcMetrics();
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        gc.bindTo(meters);
        // Not through the meter registry: Micrometer drops the end of the name, which the format keeps for this type.
        Info.builder().name("jobwatch_build_info").help("The version of jobwatch, and of Java").labelNames("version", "java")
                .register(meters.getPrometheusRegistry())
                .setLabelValues(version(), Runtime.version().toString());
        for (Role role : Role.values()) {
            Gauge.builder("jobwatch.role", () -> config.roles().contains(role) ? 1 : 0).description("1 where the instance has the role")
                    .tag("role", role.name().toLowerCase(Locale.ROOT)).register(meters);
        }
        disk(meters, "data", config.dataDir());
        if (config.roles().contains(Role.REPORT)) {
            disk(meters, "reports", config.report().directory());
        }
        CertificateMetrics.bind(config, meters);
        boolean stores = config.roles().contains(Role.PROCESS) || config.roles().contains(Role.QUERY);
        if (stores && config.process().stateStore() == StateStore.ROCKSDB) {
            showRocksDb(meters);
        }
        closing.then("metrics", () -> {
            gc.close();
            meters.close();
        });
        return meters;
    }

    /** The first use of RocksDB: its native library is unpacked and loaded now. */
    private static void showRocksDb(MeterRegistry meters) {
        try {
            BoundedRocksDb.bindTo(meters);
        } catch (LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();   // that of a static initializer says more than its own
            throw new CommandException("RocksDB's native library cannot be loaded (" + cause.getMessage() + "): it is unpacked into "
                    + System.getProperty("java.io.tmpdir") + ", so that folder must be writable and not mounted noexec; name another with "
                    + "JOBWATCH_JAVA_OPTS=-Djava.io.tmpdir=FOLDER, or set process.state-store to memory");
        }
    }

    /** As the jar's manifest tells it. */
    private static String version() {
        return Optional.ofNullable(InstanceMetrics.class.getPackage().getImplementationVersion()).orElse("unknown");
    }

    /** Not what is free altogether: part of that may be kept for the administrator. */
    private static void disk(MeterRegistry meters, String name, Path folder) {
        File file = folder.toAbsolutePath().toFile();
        Gauge.builder("jobwatch.disk.free.bytes", () -> present(file).getUsableSpace()).tag("folder", name)
                .description("Bytes that can still be written where the folder is").register(meters);
        Gauge.builder("jobwatch.disk.size.bytes", () -> present(file).getTotalSpace()).tag("folder", name)
                .description("Bytes of the disk where the folder is").register(meters);
    }

    /** A folder may be made later, or be removed. */
    private static File present(File file) {
        File found = file;
        while (!found.exists() && found.getParentFile() != null) {
            found = found.getParentFile();
        }
        return found;
    }
}
