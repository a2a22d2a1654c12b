package io.jobwatch.poll;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.topic.Partitions;
import io.jobwatch.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which lane a source belongs to: murmur2 (Kafka's own, as positive number) of its name's UTF-8 bytes, modulo the number of lanes, for
 * ever.
 */
final class Lanes {

    private Lanes() {
    }

    static int of(String source) {
        return Partitions.ofKey(source.getBytes(StandardCharsets.UTF_8), TopicSpec.LANES);
    }

    /** {@return the sources of each lane that has any} */
    static Map<Integer, List<SourceConfig>> assign(List<SourceConfig> sources) {
        return sources.stream().collect(Collectors.groupingBy(source -> of(source.name()), TreeMap::new, Collectors.toList()));
    }
}
