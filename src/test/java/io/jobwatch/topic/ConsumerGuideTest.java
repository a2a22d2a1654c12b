package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobTransition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

/** What the guide for consumers says, held against what is so. */
class ConsumerGuideTest {
    private static final Path SOURCES = Path.of("src/test/resources/events-consumer");

    private final String guide;

    ConsumerGuideTest() throws IOException {
        guide = Files.readString(Path.of("schemas/README.md"));
    }

    @Test
    void shouldTellEachTopicWithItsSchemaAndHowLongItIsKept() {
        List<List<String>> rows = rows("## Which topic for which question");

        List<String> told = rows.stream().map(row -> row.get(1) + " " + row.get(2) + " " + row.get(4)).toList();

        assertThat(told).containsExactlyInAnyOrderElementsOf(TopicSpec.all(new TopicNames(""), 6).stream()
                .map(spec -> "`" + spec.name() + "` "
                        + spec.valueSchema().map(Schema::getName).map(name -> "`" + name + "`").orElse("raw bytes") + " "
                        + spec.retention().map(time -> time.toDays() + " days").orElse("compacted")).toList());
    }

    @Test
    void shouldTellEachHeaderAsItIs() {
        Headers headers = new EventHeaders("jobwatch").maker().of(JobTransition.getClassSchema(),
                "encoder-eu/7".getBytes(StandardCharsets.UTF_8), "1763806530000.3", Instant.parse("2026-11-22T10:15:30.250Z"));

        List<List<String>> rows = rows("## Headers");

        assertThat(rows.stream().map(row -> row.get(0).replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(headers.toArray()).map(Header::key).toList());
        for (List<String> row : rows) {
            Header header = headers.lastHeader(row.get(0).replace("`", ""));
            String example = Pattern.quote(row.get(2).replace("`", "")).replace("…", "\\E[0-9a-f]+\\Q");
            assertThat(new String(header.value(), StandardCharsets.UTF_8)).matches(example);
        }
    }

    /** The sources are compiled and run by EventsJarIT. */
    @Test
    void shouldShowCodeThatIsPartOfATestedProgram() throws IOException {
        List<String> programs = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                programs.add(withoutIndentation(Files.readString(file)));
            }
        }
        List<String> shown = blocks("java");

        assertThat(shown).hasSize(2).allSatisfy(code -> assertThat(programs).anyMatch(program -> program.contains(code)));
    }

    @Test
    void shouldNameTheVersionsOfThisBuild() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(blocks("xml")).singleElement().satisfies(block -> assertThat(block)
                .contains("<version>" + first(pom, "<version>([^<]+)</version>") + "</version>")
                .contains("<version>" + first(pom, "<avro.version>([^<]+)</avro.version>") + "</version>"));
    }

    private List<List<String>> rows(String heading) {
        String section = guide.substring(guide.indexOf(heading) + heading.length()).split("\n## ")[0];
        return section.lines().filter(line -> line.startsWith("|")).skip(2)
                .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList()).toList();
    }

    private List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(guide).results()
                .map(block -> withoutIndentation(block.group(1))).toList();
    }

    private static String withoutIndentation(String code) {
        return code.replaceAll("(?m)^ +", "");
    }

    private static String first(String text, String regex) {
        return Pattern.compile(regex).matcher(text).results().map(result -> result.group(1)).findFirst().orElseThrow();
    }
}
