package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jobwatch.config.ConfigLoader;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.registry.WireFormat;
import io.jobwatch.topic.AsyncApiDocument;
import io.jobwatch.topic.AsyncApiDocument.Channel;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.deadletter.DeadLetterReplay;
import io.jobwatch.topic.deadletter.LetterId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document of the topics says what an instance does: held against the topics that it makes and each record of a run. */
class AsyncApiIT {
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final TopicNames TOPICS = new TopicNames("jobwatch.");
    private static final String BEGINNING = """
            [{"id": "1", "state": "running"}, {"id": "2", "state": "running"}, {"id": "3", "state": "done"}, {"id": {"a": 1}},
             {"id": {"long": "%s"}}]""".formatted("x".repeat(300_000));
    /** One job is lost, one failed, and one that had ended before is no longer told. */
    private static final String END = "[{\"id\": \"2\", \"state\": \"failed\"}]";

    @TempDir
    private static Path folder;
    private static volatile String jobs = BEGINNING;
    private static HttpServer service;
    private static Instance instance;
    private static Map<String, Object> kafka;

    private final AsyncApiDocument document = AsyncApiDocument.read();

    @BeforeAll
    static void startInstance() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/jobs", exchange -> answer(exchange, 200, jobs));
        service.createContext("/jobs/", exchange -> answer(exchange, 404, "{}"));
        service.start();
        Path config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [poll, process]
                kafka: {embedded-port: 0}
                schema-registry: {embedded-port: 0}
                sources:
                  - name: farm
                    type: http-json
                    url: http://127.0.0.1:%d
                    poll-interval: 300ms
                    list: {path: jobs, items: ""}
                    job: {path: "jobs/{id}"}
                    fields: {id: /id, state: /state}
                    states: {running: PROCESSING, failed: ERROR, done: FINISHED}
                process: {retain-terminal-for: 1s}
                """.formatted(folder.resolve("data"), service.getAddress().getPort()));
        instance = Instance.start(ConfigLoader.load(config, name -> null), new PrintStream(OutputStream.nullOutputStream()),
                Clock.systemUTC(), connections -> { });
        kafka = instance.connections().kafka();
    }

    @AfterAll
    static void stopInstance() {
        instance.close();
        service.stop(0);
    }

    @Test
    void shouldDescribeTheTopicsAsTheBrokerHasThem() throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            Set<String> topics = admin.listTopics().names().get().stream().filter(topic -> topic.startsWith("jobwatch.")).collect(
                    Collectors.toSet());
            Map<String, Channel> channels = document.channels();
            assertThat(channels.keySet()).containsExactlyInAnyOrderElementsOf(topics);
            for (Channel channel : channels.values()) {
                assertThat(admin.describeTopics(List.of(channel.topic())).allTopicNames().get().get(channel.topic()).partitions())
                        .as(channel.topic()).hasSize(channel.partitions());
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, channel.topic());
                Map<String, String> chosen = admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
                        .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
                assertThat(chosen).as(channel.topic()).isEqualTo(channel.settings());
            }
        }
    }

    @Test
    void shouldDescribeEachRecordOfARunAndNothingThatNoRecordHas() throws Exception {
        Awaitility.await().atMost(WITHIN).until(() -> read(TOPICS.jobStatus()).size() >= 2 && read(TOPICS.deadLetters()).size() >= 2);
        jobs = END;
        Awaitility.await().atMost(WITHIN).until(() -> !read(TOPICS.jobErrorReports()).isEmpty()
                && read(TOPICS.jobStatus()).stream().anyMatch(record -> record.value() == null)
                && read(TOPICS.pollCursors()).stream().anyMatch(record -> record.value() == null));
        breakAnEventAndPutItBack();

        Map<String, Set<String>> seen = new HashMap<>();
        for (Channel channel : document.channels().values()) {
            for (ConsumerRecord<byte[], byte[]> record : read(channel.topic())) {
                assertThat(record.headers()).as("each header is there once").extracting(Header::key).doesNotHaveDuplicates();
                String message = messageOf(channel, record);
                seen.computeIfAbsent(message, name -> new TreeSet<>()).addAll(headers(record).keySet());
            }
        }
        Map<String, Set<String>> described = document.channels().values().stream().flatMap(channel -> channel.messages().stream())
                .collect(Collectors.toMap(message -> message, document::headers));
        assertThat(seen).as("what the run showed of each message").isEqualTo(described);
    }

    /** An event with the largest key and value that fit becomes a letter, is put back and becomes another one. */
    private void breakAnEventAndPutItBack() throws Exception {
        ConsumerRecord<byte[], byte[]> event = read(TOPICS.jobStateEvents()).get(0);
        byte[] key = ("farm/" + "k".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(event.topic(), 0, key, Arrays.copyOf(event.value(), 900_001), event.headers())).get();
            producer.send(new ProducerRecord<>(event.topic(), 0, event.key(), Arrays.copyOf(event.value(), 10), event.headers())).get();
        }
        Awaitility.await().atMost(WITHIN).until(() -> letters().size() == 2);
        ConsumerRecord<byte[], byte[]> small = letters().stream().filter(letter -> letter.value().length == 10).findAny().orElseThrow();
        try (DeadLetterReplay replay = new DeadLetterReplay(kafka, TOPICS, "jobwatch", new DeadLetterReplay.Mode(false, false))) {
            replay.replay(List.of(new LetterId(small.partition(), small.offset())), outcome -> { });
        }
        Awaitility.await().atMost(WITHIN).until(() -> letters().size() == 3);
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters() {
        return read(TOPICS.deadLetters()).stream().filter(letter -> headers(letter).get("jobwatch.origin").equals("stream")).toList();
    }

    /** {@return the one message of the channel that the record is} Fails where it is none or more. */
    private String messageOf(Channel channel, ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        Map<String, List<String>> problems = new HashMap<>();
        channel.messages().forEach(message -> problems.put(message,
                document.problems(message, key, headers(record), record.value() != null)));
        List<String> messages = channel.messages().stream().filter(message -> problems.get(message).isEmpty()).toList();
        assertThat(messages).as("a record of %s with %s is a message of the document: %s", channel.topic(), headers(record), problems)
                .hasSize(1);
        document.avro(messages.get(0)).ifPresent(file -> {
            SchemaRegistry registry = instance.connections().registry();
            int id = WireFormat.schemaId(record.value());
            assertThat(registry.idsOf(TopicNames.subject(channel.topic()))).as(channel.topic()).contains(id);
            assertThat(file).hasFileName(registry.schemaById(id).getName() + ".avsc");
        });
        return messages.get(0);
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    /** {@return what is committed in a topic now} */
    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("fetch.max.wait.ms", 10);   // there is nothing to wait for
        try (KafkaConsumer<byte[], byte[]> consumer =
                     new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> result = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(result::add);
            }
            return result;
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
