package io.jobwatch.bench;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.topic.TopicNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.streams.KafkaStreams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The child that is a contestant. Says when it runs, answers commands, and stops when its standard input ends. */
@Command(name = "contestant", hidden = true)
final class ContestantCommand implements Callable<Integer> {
    /** The line that says that the contestant can process events. */
    static final String RUNNING = "running";
    /** The command and the answer of what its stores hold. */
    static final String STORES = "stores";
    /** The command and the answer of how far its stores are behind. */
    static final String LAG = "lag";

    @Option(names = "--kind", required = true)
    private Contestant.Kind kind;
    @Option(names = "--bootstrap", required = true)
    private String bootstrap;
    @Option(names = "--registry", required = true)
    private String registry;
    @Option(names = "--partitions", required = true)
    private int partitions;
    @Option(names = "--prefix", required = true)
    private String prefix;
    @Option(names = "--application-id", required = true)
    private String applicationId;
    @Option(names = "--state-dir", required = true)
    private Path stateDir;
    @Option(names = "--standby-replicas", defaultValue = "0")
    private int standbyReplicas;
    @Option(names = "--property")
    private Map<String, String> properties = new TreeMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ContestantSettings settings = new ContestantSettings(bootstrap, registry, partitions, new TopicNames(prefix), applicationId,
                stateDir, standbyReplicas, properties);
        try (Contestant contestant = create(settings)) {
            contestant.start();
            while (!contestant.running()) {
                Thread.sleep(5);
            }
            System.out.println(new Facts(RUNNING, Map.of()));
            obey(contestant);
        }
        return 0;
    }

    private Contestant create(ContestantSettings settings) {
        return switch (kind) {
            case LOOP -> new BareLoop(settings, false);
            case LOOP_WIDE -> new BareLoop(settings, true);
            case DSL -> new DslProgram(settings, false);
            case DSL_CACHED -> new DslProgram(settings, true);
            case ROCKSDB -> new JobwatchContestant(settings, StateStore.ROCKSDB);
            case ROCKSDB_LZ4 -> new JobwatchContestant(settings.with("producer.compression.type", "lz4"), StateStore.ROCKSDB);
            case MEMORY -> new JobwatchContestant(settings, StateStore.MEMORY);
        };
    }

    private static void obey(Contestant contestant) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            KafkaStreams streams = contestant.streams().orElseThrow();
            System.out.println(switch (command) {
                case STORES -> StoreFacts.sizes(streams);
                case LAG -> StoreFacts.lag(streams);
                default -> throw new BenchException("expected a command '" + STORES + "' or '" + LAG + "', found '" + command + "'");
            });
        }
    }
}
