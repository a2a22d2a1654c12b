package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.topic.ApplicationNames;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an upgrade relies on: instances of two releases share one group while one is replaced by the other, and the later finds the state of
 * the earlier by its names.
 */
class TopologyNamesTest {
    private static final String FROZEN = "/topology/names.txt";
    private static final String WHAT_A_CHANGE_MEANS = """
            the topology is not the one of %s.

            A sub-topology's number, a store's name or a topic's: the state is looked for under <application-id>-<store>-changelog and in \
            the folder <sub-topology>_<partition>. Under other names nothing is found, and every job that still changes would be told anew, \
            as DISCOVERED and with the sequence 1. Do not.
            A new store, or a new source topic: instances of both releases do not fit one group. Upgrade by ending all instances first, and \
            say so in ops/README.md.
            A new node, or another name of a node without a store: instances of both releases share a group, and the state is found \
            (UpgradeIT proves it). Change the frozen copy.""";

    @ParameterizedTest
    @EnumSource(StateStore.class)
    void shouldKeepTheNamesThatAnUpgradeReliesOn(StateStore store) throws IOException {
        assertThat(topology(store).describe().toString().stripTrailing())
                .as(WHAT_A_CHANGE_MEANS, "src/test/resources" + FROZEN).isEqualTo(frozen());
    }

    @Test
    void shouldCallTheChangelogsWhatKafkaStreamsMakesOfTheStores() {
        Set<String> stores = topology(StateStore.ROCKSDB).describe().subtopologies().stream()
                .flatMap(each -> each.nodes().stream()).filter(TopologyDescription.Processor.class::isInstance)
                .flatMap(node -> ((TopologyDescription.Processor) node).stores().stream()).collect(Collectors.toSet());

        assertThat(stores).isNotEmpty();
        assertThat(new ApplicationNames("watch-7").changelogs())
                .containsExactlyInAnyOrderElementsOf(stores.stream().map(store -> "watch-7-" + store + "-changelog").toList());
    }

    private static String frozen() throws IOException {
        try (InputStream in = TopologyNamesTest.class.getResourceAsStream(FROZEN)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        }
    }

    private static Topology topology(StateStore store) {
        TopicNames names = new TopicNames("jobwatch.");
        TopicSchemas schemas = TopicSchemas.register(new InMemorySchemaRegistry(), TopicSpec.all(names, 6));
        ProcessConfig config = new ProcessConfig(store, 0, Map.of(), Duration.ofMinutes(5), Duration.ofDays(7), Map.of());
        return new JobTopology(names, schemas, new StateMachine(Duration.ofDays(7)), new EventHeaders("jobwatch"),
                new TopologyMetrics(new SimpleMeterRegistry()), config, new HeardLooks(), partition -> true).build();
    }
}
