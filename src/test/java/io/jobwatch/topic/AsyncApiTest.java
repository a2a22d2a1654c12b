package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.TopicsConfig;
import io.jobwatch.topic.AsyncApiDocument.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document of the topics says what the code does. What only a broker and real records show is in AsyncApiIT. */
class AsyncApiTest {
    private final AsyncApiDocument document = AsyncApiDocument.read();

    @TempDir
    private Path folder;

    @Test
    void shouldDescribeEachTopicAsItIsCreated() throws Exception {
        TopicsConfig defaults = ConfigLoader.load(Files.writeString(folder.resolve("any.yaml"), "roles: [process]\n"), name -> null)
                .topics();
        List<TopicSpec> specs = TopicSpec.all(new TopicNames(defaults.prefix()), defaults.partitions());
        Map<String, Channel> channels = document.channels();

        assertThat(channels).containsOnlyKeys(specs.stream().map(TopicSpec::name).toList());
        for (TopicSpec spec : specs) {
            Channel channel = channels.get(spec.name());
            assertThat(channel.partitions()).as(spec.name()).isEqualTo(spec.partitions());
            assertThat(channel.settings()).as(spec.name()).isEqualTo(spec.settings());
            spec.retention().ifPresentOrElse(
                    time -> assertThat(channel.description()).contains("- Retention: " + time.toDays() + " days."),
                    () -> assertThat(channel.description()).contains("- Retention: compacted"));
        }
    }

    @Test
    void shouldReferToTheSchemaOfEachTopicsValues() {
        for (TopicSpec spec : TopicSpec.all(new TopicNames("jobwatch."), 6)) {
            Set<Path> files = document.channels().get(spec.name()).messages().stream().flatMap(message -> document.avro(message).stream())
                    .collect(Collectors.toSet());

            assertThat(files).as(spec.name()).isEqualTo(spec.valueSchema().map(Schema::getName)
                    .map(name -> Set.of(Path.of("schemas", name + ".avsc"))).orElse(Set.of()));
            assertThat(files).allSatisfy(file -> assertThat(file).isRegularFile());
        }
    }

    @Test
    void shouldSayOfEachChannelWhatAConsumerHasToKnow() {
        assertThat(document.channels().values()).allSatisfy(channel -> assertThat(channel.description())
                .contains("- Key: ", "- Order: ", "- Delivery: ", "- Retention: ", "- Tombstones: ", "- Written by: ", "- Read by: "));
    }

    @Test
    void shouldUseEachMessageAndHaveAWriterAndAReaderOfEachChannel() {
        Set<String> used = document.channels().values().stream().flatMap(channel -> channel.messages().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(document.json().at("/components/messages").fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(used);
        for (String action : List.of("send", "receive")) {
            Set<String> channels = new TreeSet<>();
            for (JsonNode operation : document.json().get("operations")) {
                if (operation.get("action").textValue().equals(action)) {
                    channels.add(operation.at("/channel/$ref").textValue().replace("#/channels/", ""));
                }
            }
            assertThat(document.json().get("channels").fieldNames()).toIterable().as(action).containsExactlyInAnyOrderElementsOf(channels);
        }
    }

    @Test
    void shouldBeOfTheVersionThatWasReleasedLast() throws Exception {
        try (Stream<Path> released = Files.list(Path.of("schemas", "released"))) {
            int last = released.mapToInt(path -> Integer.parseInt(path.getFileName().toString())).max().orElseThrow();
            assertThat(document.json().at("/info/version").textValue()).isEqualTo(Integer.toString(last));
        }
    }

    @Test
    void shouldTellARecordThatIsNoSuchMessage() {
        Map<String, String> headers = Map.of("jobwatch.origin", "poll", "jobwatch.reason", "BAD_ITEM", "jobwatch.source", "encoder",
                "__streams.errors.exception", "Any", "__streams.errors.message", "any");

        assertThat(document.problems("deadItem", "encoder", headers, true)).isEmpty();
        assertThat(document.problems("deadItem", "encoder/7", headers, true)).singleElement().asString().startsWith("key: ");
        assertThat(document.problems("deadItem", "encoder", headers, false)).containsExactly("payload: there is no value");
        assertThat(document.problems("deadRecord", "encoder", headers, true)).isNotEmpty();
        assertThat(document.problems("replayNote", "encoder", headers, true)).contains("payload: there is a value");
        assertThat(document.problems("jobForgotten", "encoder/7", headers, false))
                .contains("headers: jobwatch.origin is not described").anyMatch(problem -> problem.contains("'ce_id' not found"));
        assertThat(document.problems("pollCursor", "encoder", Map.of("ce_id", "any"), true))
                .containsExactly("headers: ce_id is not described");
    }
}
