package io.jobwatch.example;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import sun.misc.Signal;

/**
 * Prints jobwatch's transitions and error reports, one line a record, as a member of a consumer group.
 *
 * <p>Delivery is at least once: offsets are committed after the lines are written, so a consumer that is killed repeats some when it
 * starts again. {@code --dedup} leaves out what this process has printed already, by the CloudEvents source and id in the headers; to
 * leave out repetitions across restarts, too, keep these where the results are kept, in the same transaction.
 */
public final class ConsumerExample {
    private static final String USAGE = """
            usage: java -jar jobwatch-example-consumer.jar --bootstrap HOST:PORT,… --registry URL,… [options]
              --prefix PREFIX      of the topics (default jobwatch.)
              --group NAME         consumer group; it goes on where it ended (default jobwatch-example-java)
              --exit-at-end        end when all that was there at the start has been read
              --dedup              print each event once, by the headers ce_source and ce_id
              --properties FILE    settings of Kafka's Java client (security.protocol, sasl.jaas.config, …); those that begin with
                                   schema.registry. go to the registry's client (schema.registry.basic.auth.credentials.source=USER_INFO,
                                   schema.registry.basic.auth.user.info, schema.registry.ssl.truststore.location, …)
            """;
    private static final String REGISTRY_PREFIX = "schema.registry.";
    private static final int SCHEMAS_KEPT = 1_000;
    private static final int IDS_KEPT = 100_000;

    private final Map<String, String> options;
    private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    private final PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    private final Map<List<String>, Boolean> printedIds = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Boolean> eldest) {
            return size() > IDS_KEPT;
        }
    };
    private boolean joined;
    private int leftOut;

    private ConsumerExample(Map<String, String> options) {
        this.options = options;
    }

    public static void main(String[] args) {
        Map<String, String> options = new HashMap<>(Map.of("prefix", "jobwatch.", "group", "jobwatch-example-java"));
        String problem = read(args, options);
        if (problem != null) {
            System.err.print("ConsumerExample: " + problem + "\n" + USAGE);
            System.exit(2);
        }
        System.exit(new ConsumerExample(options).run());
    }

    /** {@return what is wrong with the arguments, or null} */
    private static String read(String[] args, Map<String, String> options) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--exit-at-end", "--dedup" -> options.put(args[i].substring(2), "true");
                case "--bootstrap", "--registry", "--prefix", "--group", "--properties" -> {
                    if (i + 1 == args.length) {
                        return args[i] + " needs a value";
                    }
                    options.put(args[i].substring(2), args[++i]);
                }
                default -> {
                    return args[i] + " is no option";
                }
            }
        }
        return options.containsKey("bootstrap") && options.containsKey("registry") ? null : "--bootstrap and --registry are needed";
    }

    private int run() {
        List<String> topics = List.of(options.get("prefix") + "job-transitions", options.get("prefix") + "job-error-reports");
        try {
            Properties properties = properties();
            EventLines lines = new EventLines(registry(properties));
            try (KafkaConsumer<byte[], byte[]> consumer = consumer(properties)) {
                Signal.handle(new Signal("INT"), signal -> consumer.wakeup());
                Signal.handle(new Signal("TERM"), signal -> consumer.wakeup());
                check(consumer, topics);
                follow(consumer, lines, topics);
            }
        } catch (WakeupException e) {
            return 0;   // the wish to end came
        } catch (AuthorizationException e) {
            return failed(e.getMessage() + ": this user needs READ and DESCRIBE on both topics, and READ on the group");
        } catch (TimeoutException e) {
            return failed("no broker at " + options.get("bootstrap") + " answers (" + e.getMessage() + "): is --bootstrap right? TLS and"
                    + " SASL are set in the file of --properties");
        } catch (Failure | KafkaException e) {
            return failed(e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause().getMessage()));
        } finally {
            out.flush();
            if (leftOut > 0) {
                note(leftOut + " records were left out, see above");
            }
        }
        return 0;
    }

    private int failed(String why) {
        note(why);
        return 1;
    }

    private void note(String text) {
        err.println("ConsumerExample: " + EventLines.shown(text));
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer, EventLines lines, List<String> topics) {
        consumer.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                joined = true;
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                // What was printed is committed before the next poll, and only a poll takes partitions away.
            }
        });
        // The ends of what is committed. Offsets tell more than there are records: the end of each transaction takes one.
        boolean exitAtEnd = options.containsKey("exit-at-end");
        Map<TopicPartition, Long> ends = exitAtEnd ? consumer.endOffsets(partitions(consumer, topics)) : Map.of();
        while (!exitAtEnd || !atEnd(consumer, ends)) {
            Map<TopicPartition, OffsetAndMetadata> printed = new HashMap<>();
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    print(record, lines);
                    printed.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
                }
            } catch (Failure e) {
                commit(consumer, printed);
                throw e;
            }
            if (!commit(consumer, printed)) {
                return;
            }
        }
    }

    private boolean atEnd(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return joined && consumer.assignment().stream().allMatch(mine -> consumer.position(mine) >= ends.getOrDefault(mine, 0L));
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, List<String> topics) {
        return topics.stream().flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
    }

    private void print(ConsumerRecord<byte[], byte[]> record, EventLines lines) {
        String where = record.topic() + "-" + record.partition() + ", offset " + record.offset();
        try {
            String line = lines.line(record.value());
            if (!options.containsKey("dedup") || first(record)) {
                out.print(line + "\n");
            }
        } catch (EventLines.Malformed e) {
            leftOut++;
            note("left out " + where + ": " + e.getMessage());
        } catch (Failure e) {
            throw new Failure(where + ": " + e.getMessage());
        }
    }

    /** {@return whether the event was not printed yet; one without a name counts as new} Source and id together name an event. */
    private boolean first(ConsumerRecord<byte[], byte[]> record) {
        Header source = record.headers().lastHeader("ce_source");
        Header id = record.headers().lastHeader("ce_id");
        return source == null || id == null || printedIds.put(List.of(text(source), text(id)), true) == null;
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    /** {@return false if nobody reads the output any more} Then nothing is committed. */
    private boolean commit(KafkaConsumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> printed) {
        if (out.checkError()) {   // flushes
            return false;
        }
        try {
            consumer.commitSync(printed);
        } catch (WakeupException e) {
            consumer.commitSync(printed);   // the wish to end came in between: it interrupts once
            throw e;
        } catch (CommitFailedException | RebalanceInProgressException e) {
            note("offsets were not committed, so these records may come again: " + e.getMessage());
        }
        return true;
    }

    private Properties properties() {
        Properties properties = new Properties();
        if (options.containsKey("properties")) {
            try (Reader file = Files.newBufferedReader(Path.of(options.get("properties")))) {
                properties.load(file);
            } catch (IOException e) {
                throw new Failure("--properties " + options.get("properties") + " cannot be read: " + e);
            }
        }
        return properties;
    }

    private KafkaConsumer<byte[], byte[]> consumer(Properties properties) {
        Map<String, Object> settings = new HashMap<>(Map.of("client.id", "jobwatch-example-java", "allow.auto.create.topics", false,
                "default.api.timeout.ms", 15_000, "reconnect.backoff.max.ms", 10_000));
        properties.stringPropertyNames().stream().filter(name -> !name.startsWith(REGISTRY_PREFIX))
                .forEach(name -> settings.put(name, properties.getProperty(name)));
        settings.put("bootstrap.servers", options.get("bootstrap"));
        settings.put("group.id", options.get("group"));
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");   // the Java client's default is read_uncommitted
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private SchemaRegistryClient registry(Properties properties) {
        Map<String, String> settings = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(REGISTRY_PREFIX)) {
                settings.put(name.substring(REGISTRY_PREFIX.length()), properties.getProperty(name));
                settings.put(name, properties.getProperty(name));   // its TLS settings keep the prefix
            }
        }
        return new CachedSchemaRegistryClient(List.of(options.get("registry").split(",")), SCHEMAS_KEPT, settings);
    }

    /** Says early what else would be waited for in silence. */
    private static void check(KafkaConsumer<?, ?> consumer, List<String> topics) {
        for (String topic : topics) {
            if (consumer.partitionsFor(topic).isEmpty()) {
                throw new Failure("there is no topic " + topic + ", or this user may not see it: is --prefix right? 'jobwatch setup'"
                        + " creates the topics");
            }
        }
    }
}
