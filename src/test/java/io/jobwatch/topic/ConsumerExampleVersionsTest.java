package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The consumer in Java stands alone, so its pom repeats versions; the check builds it offline, of and with what this project is. */
class ConsumerExampleVersionsTest {
    private static final Path EXAMPLE = Path.of("ops/consumers/java/pom.xml");
    private static final Pattern PROPERTY = Pattern.compile("<([a-z0-9]+\\.version)>([^<]+)</");
    private static final Pattern PLUGIN = Pattern.compile("<artifactId>([a-z-]+-plugin)</artifactId>\\s*<version>([^<$]+)</version>");

    private final String project;
    private final String example;

    ConsumerExampleVersionsTest() throws IOException {
        project = Files.readString(Path.of("pom.xml"));
        example = Files.readString(EXAMPLE);
    }

    @Test
    void shouldUseTheLibrariesOfThisProject() {
        assertThat(versions(PROPERTY, example))
                .containsKeys("kafka.version", "avro.version", "confluent.version", "slf4j.version", "jackson.version");
        assertThat(versions(PROPERTY, project)).containsAllEntriesOf(versions(PROPERTY, example));
    }

    @Test
    void shouldUseThePluginsOfThisProject() {
        assertThat(versions(PLUGIN, example)).containsKeys("maven-compiler-plugin", "maven-jar-plugin", "maven-shade-plugin");
        assertThat(versions(PLUGIN, project)).containsAllEntriesOf(versions(PLUGIN, example));
    }

    @Test
    void shouldTellTheVersionsOfThisProjectToReaders() throws IOException {
        Map<String, String> versions = versions(PROPERTY, project);

        assertThat(Files.readString(Path.of("ops/consumers/README.md")))
                .contains("## Tested against Kafka " + versions.get("kafka.version") + ",")
                .contains("| Java | kafka-clients " + versions.get("kafka.version") + ", kafka-schema-registry-client "
                        + versions.get("confluent.version") + ", Avro " + versions.get("avro.version") + ", ");
    }

    private static Map<String, String> versions(Pattern pattern, String pom) {
        Map<String, String> versions = new TreeMap<>();
        pattern.matcher(pom).results().forEach(found -> versions.put(found.group(1), found.group(2)));
        return versions;
    }
}
