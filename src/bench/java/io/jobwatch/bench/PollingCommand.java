package io.jobwatch.bench;

import io.jobwatch.config.Reading;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.registry.AvroDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What polling asks of services, and how late a change is committed: many small sources, and one with many jobs. */
@Command(name = "polling", mixinStandardHelpOptions = true,
        description = "What polling asks of its services and how late changes are, for many sources and for one with many jobs.")
final class PollingCommand implements Callable<Integer> {
    @Mixin
    private final Common common = new Common(Common.GROWING_HEAP);
    @Option(names = "--sources", defaultValue = "200", description = "Small sources, of 50 jobs each (default: ${DEFAULT-VALUE}).")
    private int sources;
    @Option(names = "--big-jobs", defaultValue = "50000", description = "Jobs of the big source (default: ${DEFAULT-VALUE}).")
    private int bigJobs;
    @Option(names = "--interval", defaultValue = "2500", description = "Milliseconds between polls of a small source "
            + "(default: ${DEFAULT-VALUE}).")
    private long interval;
    @Option(names = "--big-interval", defaultValue = "10000", description = "Milliseconds between polls of the big source "
            + "(default: ${DEFAULT-VALUE}).")
    private long bigInterval;
    @Option(names = "--warm-up", defaultValue = "60", description = "Seconds that are not counted (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;
    @Option(names = "--seconds", defaultValue = "60", description = "Seconds that are counted (default: ${DEFAULT-VALUE}).")
    private int seconds;

    /**
     * What is polled.
     *
     * @param changesPerPoll jobs that change at each account in an interval
     */
    private record Setting(String title, int accounts, PollService.Size size, Reading reading, long intervalMillis, int changesPerPoll) {
    }

    @Override
    public Integer call() throws InterruptedException {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, """
                One instance, %d s after %d s of warm-up; AMS v2 over HTTP on this machine. A change is timed from when the service \
                makes it to the moment when a reader of committed records has its event; half the interval is the least that its median \
                can be.

                | | interval | changes/s | requests per changed job | bytes per changed job | requests/s, mean | peak over mean \
                | p50, ms | p99, ms | half the interval, ms | CPU, %% of one core |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                """, seconds, warmUpSeconds));
        List<Setting> settings = List.of(
                new Setting(String.format(Locale.ROOT, "%,d sources of 50 jobs, one changes a poll", sources), sources,
                        new PollService.Size(50, 20), Reading.SNAPSHOT, interval, 1),
                big("snapshot", Reading.SNAPSHOT), big("active set", Reading.ACTIVE_SET));
        for (Setting setting : settings) {
            Path folder = common.newFolder();
            try (Cluster cluster = Cluster.start(folder, common.partitions());
                 PollService service = new PollService(
                         IntStream.range(0, setting.accounts()).mapToObj(i -> setting.size()).toList())) {
                String row = measure(setting, cluster, service, folder);
                Progress.note(row.strip());
                table.append(row);
            } finally {
                Folders.delete(folder.resolve("broker"));
            }
        }
        common.publish("polling", table.toString());
        return 0;
    }

    /** One in twenty of its jobs is live. */
    private Setting big(String title, Reading reading) {
        return new Setting(String.format(Locale.ROOT, "1 source of %,d jobs, 1 %% change a poll, %s", bigJobs, title), 1,
                new PollService.Size(bigJobs, bigJobs / 20), reading, bigInterval, bigJobs / 100);
    }

    private String measure(Setting setting, Cluster cluster, PollService service, Path folder) throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("poller", "--bootstrap", cluster.bootstrap(), "--registry", cluster.registryUrl(),
                "--partitions", Integer.toString(cluster.partitions()), "--prefix", cluster.topics().prefix(),
                "--interval-millis", Long.toString(setting.intervalMillis()), "--reading", setting.reading().name()));
        IntStream.range(0, setting.accounts()).forEach(account -> arguments.addAll(List.of("--url", service.url(account).toString())));
        List<Long> latencies = new ArrayList<>();
        try (ChildProcess child = ChildProcess.start("the poller", folder.resolve("poller.log"), common.jvmFlags(), arguments);
             KafkaConsumer<byte[], byte[]> events = events(cluster)) {
            child.await(PollerCommand.STARTED, Duration.ofSeconds(60));
            AvroDecoder<JobStateEvent> decoder = cluster.schemas().decoder(cluster.topics().jobStateEvents());
            double changesPerSecond = setting.accounts() * setting.changesPerPoll() * 1000.0 / setting.intervalMillis();
            Duration cpuBefore = Duration.ZERO;
            long begin = 0;
            long start = System.nanoTime();
            long made = 0;
            while (true) {
                long elapsed = System.nanoTime() - start;
                boolean counting = elapsed >= warmUpSeconds * 1_000_000_000L;
                if (counting && begin == 0) {
                    begin = System.nanoTime();
                    cpuBefore = child.cpu();
                    latencies.clear();
                }
                if (elapsed >= (warmUpSeconds + seconds) * 1_000_000_000L) {
                    break;
                }
                for (; made < elapsed / 1e9 * changesPerSecond; made++) {
                    service.change((int) (made % setting.accounts()), (int) (made / setting.accounts() % setting.size().live()));
                }
                for (ConsumerRecord<byte[], byte[]> record : events.poll(Duration.ofMillis(5))) {
                    long now = System.nanoTime();
                    long changed = changedNanos(service, decoder.decode(record.value()));
                    if (changed > 0) {
                        latencies.add(now - changed);
                    }
                }
            }
            return row(setting, service, latencies, begin, System.nanoTime(), child.cpu().minus(cpuBefore));
        }
    }

    /** The first sighting of a job is no change. */
    private static long changedNanos(PollService service, JobStateEvent event) {
        int version = Integer.parseInt(event.getJobName().substring(1));
        int account = Integer.parseInt(event.getSource().substring(event.getSource().indexOf('-') + 1));
        int job = Integer.parseInt(event.getJobId().substring(event.getJobId().lastIndexOf(':') + 1));
        return version == 0 ? -1 : service.changedNanos(account, job, version);
    }

    private static KafkaConsumer<byte[], byte[]> events(Cluster cluster) {
        Map<String, Object> settings = new HashMap<>(cluster.kafka());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = cluster.partitionsOf(cluster.topics().jobStateEvents());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private String row(Setting setting, PollService service, List<Long> latencies, long begin, long end, Duration cpu) {
        if (latencies.isEmpty()) {
            throw new BenchException(setting.title() + ": no change was published");
        }
        Map<Long, PollService.Requests> within = service.bySecond().entrySet().stream()
                .filter(second -> second.getKey() > begin / 1_000_000_000 && second.getKey() < end / 1_000_000_000)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        PollService.Requests all = within.values().stream().reduce(new PollService.Requests(0, 0), PollService.Requests::plus);
        double span = (end - begin) / 1e9;
        double mean = all.count() / span;
        long peak = within.values().stream().mapToLong(PollService.Requests::count).max().orElse(0);
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        return String.format(Locale.ROOT, "| %s | %,d ms | %.0f | %.2f | %,d | %.1f | %.1f | %.0f | %.0f | %d | %.0f |%n", setting.title(),
                setting.intervalMillis(), sorted.length / span, (double) all.count() / sorted.length, all.bytes() / sorted.length, mean,
                peak / mean, percentile(sorted, 0.5), percentile(sorted, 0.99), setting.intervalMillis() / 2,
                100 * cpu.toNanos() / 1e9 / span);
    }

    private static double percentile(long[] sorted, double part) {
        return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)] / 1e6;
    }
}
