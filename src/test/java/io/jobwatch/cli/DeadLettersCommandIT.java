package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.embedded.Ports;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobEvents;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.deadletter.DeadLetter;
import io.jobwatch.topic.deadletter.DeadLetterReader;
import io.jobwatch.topic.deadletter.LetterFilter;
import io.jobwatch.topic.deadletter.LetterList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with dead letters, with real processes: while an instance with its own broker runs, and while none does. */
class DeadLettersCommandIT {
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final TopicNames TOPICS = new TopicNames("jobwatch.");
    private static final JobStateEvent EVENT = JobEvents.event("7", JobState.QUEUED, System.currentTimeMillis());
    private static final byte[] KEY = new JobKey(EVENT.getSource(), EVENT.getJobId()).bytes();

    @TempDir
    private Path folder;
    private final int kafkaPort = Ports.free();
    private final int registryPort = Ports.free();
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort);
    private Path config;

    /** What a command printed, standard error included, and its exit status. */
    private record Result(int status, String output) {
    }

    @BeforeEach
    void configure() throws Exception {
        config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [process]
                kafka: {embedded-port: %d}
                schema-registry: {embedded-port: %d}
                topics: {partitions: 2}
                """.formatted(folder.resolve("data"), kafkaPort, registryPort));
    }

    @Test
    void shouldShowLettersAndPutOneBackWhenItsCauseIsGone() throws Exception {
        Result early = jobwatch("list");
        assertThat(early.status()).as(early.output()).isEqualTo(1);
        assertThat(early.output()).contains("there are no data in " + folder.resolve("data"));
        String letter;
        try (JobwatchProcess instance = JobwatchProcess.start(folder.resolve("run.log"), Map.of(), "run", "-c", config.toString())) {
            instance.awaitOutput("topology RUNNING", WITHIN);
            try (SchemaRegistry registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls("http://127.0.0.1:" + registryPort), Map.of())) {
                int later = highestId(registry) + 1;
                sendBadRecords(later);
                letter = awaitLetter(later);

                assertWhatIsShown(letter, later);
                assertThat(registry.register("other-value", aWiderEvent())).as("the id that was unknown").isEqualTo(later);
            }

            Result dry = jobwatch("replay", letter, "--dry-run");
            assertThat(dry.status()).as(dry.output()).isZero();
            assertThat(dry.output()).contains("would put back  " + letter, "would put back 1, left 0");
            assertThat(jobwatch("replay", letter).output()).contains("put back  " + letter + " from jobwatch.job-state-events-",
                    "put back 1, left 0");
            awaitTransition();
            Result second = jobwatch("replay", letter);
            assertThat(second.status()).as(second.output()).isEqualTo(1);
            assertThat(second.output()).contains("left      " + letter + ": it was put back at ", "--again does it once more");
            instance.terminate();
            assertThat(instance.awaitExit(WITHIN)).as(instance.output()).isZero();
        }

        String printed = jobwatch("list", "-o", "json").output();
        // A broker on a busy machine may complain on standard error before.
        JsonNode letters = new JsonMapper().readTree(printed.substring(Math.max(0, printed.indexOf("{\n"))));
        assertThat(letters.path("items")).as("read without an instance").hasSize(3)
                .filteredOn(item -> item.path("id").asText().equals(letter)).singleElement()
                .satisfies(item -> assertThat(item.at("/replayed/to").asText()).startsWith("jobwatch.job-state-events-"));
        assertThat(letters.path("matching").intValue()).isEqualTo(3);
    }

    private void assertWhatIsShown(String letter, int schemaId) throws Exception {
        Result list = jobwatch("list");
        assertThat(list.status()).as(list.output()).isZero();
        assertThat(list.output()).doesNotContain("\u001b", "\u009b").containsPattern("(?m)^ID +TIME +ORIGIN +FROM +KEY +REPLAYED +REASON$")
                .contains("no schema " + schemaId, "encoder-eu/\\u001b[31mred\\n", "BAD_ITEM: not a job");
        assertThat(jobwatch("list", "--origin", "POLL", "--source", "encoder", "--reason", "bad_item", "--since", "1h", "--limit", "1")
                .output()).contains("BAD_ITEM").doesNotContain("MALFORMED_VALUE");

        Result shown = jobwatch("show", letter);
        assertThat(shown.status()).as(shown.output()).isZero();
        assertThat(shown.output()).contains("dead letter " + letter + " of ", "key       encoder-eu/7", "replayed  no",
                "__streams.errors.topic: jobwatch.job-state-events", "jobwatch.reason: MALFORMED_VALUE",
                "  00000000  00 " + HexFormat.ofDelimiter(" ").formatHex(intBytes(schemaId)), "which cannot be read: schema " + schemaId);
        String item = letters().stream().filter(each -> each.origin().equals("poll")).findAny().orElseThrow().id().toString();
        assertThat(jobwatch("show", item).output()).contains("which is text", "{\"Id\": 1 \\u009b}").doesNotContain("\u009b");
        Result poll = jobwatch("replay", item);
        assertThat(poll.status()).isEqualTo(1);
        assertThat(poll.output()).contains("left      " + item + ": it is an item that the service of the source encoder listed");
    }

    private List<DeadLetter> letters() {
        try (DeadLetterReader reader = new DeadLetterReader(kafka, TOPICS.deadLetters())) {
            LetterFilter all = new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            return LetterList.read(reader, all, 100).items().stream().map(LetterList.Item::letter).toList();
        }
    }

    private void sendBadRecords(int unknownId) throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = List.of(
                new ProducerRecord<>(TOPICS.jobStateEvents(), KEY, new AvroEncoder<JobStateEvent>(unknownId).encode(EVENT)),
                new ProducerRecord<>(TOPICS.jobStateEvents(), utf8("encoder-eu/\u001b[31mred\n"), utf8("\u009b no Avro")),
                new ProducerRecord<>(TOPICS.deadLetters(), null, utf8("encoder"), utf8("{\"Id\": 1 \u009b}"),
                        DeadLetterHeaders.ofItem("encoder", "not a job")));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get();
            }
        }
    }

    /** {@return the id of the letter that the registry's schema is missing for} */
    private String awaitLetter(int schemaId) {
        Awaitility.await().atMost(WITHIN).until(() -> letters().size() == 3);
        return letters().stream().filter(letter -> letter.message().contains("no schema " + schemaId)).findAny().orElseThrow().id()
                .toString();
    }

    private void awaitTransition() {
        try (SchemaRegistry registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls("http://127.0.0.1:" + registryPort), Map.of());
             DemoTopics topics = DemoTopics.fromTheBeginning(kafka, TOPICS, registry)) {
            Awaitility.await().atMost(WITHIN).until(() -> {
                topics.read();
                return topics.transitions().containsKey("7");
            });
            assertThat(topics.transitions().get("7")).extracting(JobTransition::getCurrentState).containsExactly(JobState.QUEUED);
        }
    }

    private static int highestId(SchemaRegistry registry) {
        return TOPICS.all().stream().flatMap(topic -> registry.idsOf(TopicNames.subject(topic)).stream()).mapToInt(id -> id).max()
                .orElseThrow();
    }

    /** {@return a schema with which an event of today can be read} Its text differs, so it is registered under an id of its own. */
    private static Schema aWiderEvent() throws Exception {
        JsonNode json = new JsonMapper().readTree(JobStateEvent.getClassSchema().toString());
        return new Schema.Parser().parse(((ObjectNode) json).put("doc", "Another text.").toString());
    }

    private Result jobwatch(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("-c", config.toString()));
        try (JobwatchProcess process = JobwatchProcess.start(Files.createTempFile(folder, "dead-letters", ".log"), Map.of(),
                all.toArray(String[]::new))) {
            int status = process.awaitExit(WITHIN);
            return new Result(status, process.output());
        }
    }

    private static byte[] intBytes(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
