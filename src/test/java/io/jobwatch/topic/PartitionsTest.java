package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

class PartitionsTest {

    @Property
    void shouldChooseThePartitionThatKafkasDefaultPartitionerChooses(@ForAll byte[] key,
                                                                     @ForAll @IntRange(min = 1, max = 1000) int partitions) {
        assertThat(Partitions.ofKey(key, partitions)).isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
    }
}
