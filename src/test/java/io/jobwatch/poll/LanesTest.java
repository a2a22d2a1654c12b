package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class LanesTest {

    @Property
    void shouldGiveASourceOneOfThirtyTwoLanes(@ForAll String source) {
        assertThat(Lanes.of(source)).isBetween(0, 31)
                .isEqualTo(BuiltInPartitioner.partitionForKey(source.getBytes(StandardCharsets.UTF_8), 32));
    }

    /** Written down, as a source whose lane changes between two releases would be polled from the start again. */
    @Test
    void shouldNeverMoveASource() {
        assertThat(Lanes.of("encoder-eu")).isEqualTo(10);
        assertThat(Lanes.of("cluster")).isEqualTo(2);
    }

    @Test
    void shouldGroupTheSourcesByTheirLanes() {
        List<SourceConfig> sources = IntStream.range(0, 100).mapToObj(i -> Sources.source("source-" + i, new StartFrom.All())).toList();

        Map<Integer, List<SourceConfig>> lanes = Lanes.assign(sources);

        assertThat(lanes.values().stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(sources);
        lanes.forEach((lane, members) -> assertThat(members).isNotEmpty().allMatch(source -> Lanes.of(source.name()) == lane));
        assertThat(lanes).hasSizeGreaterThan(20);
    }
}
