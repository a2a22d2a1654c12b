package io.jobwatch.poll;

import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * What the group said last: an immutable snapshot, published by the one thread that owns the consumer.
 *
 * @param lanes    the lanes that this instance owns
 * @param metadata proves to the broker that it does, as long as the group's generation lasts
 */
record Ownership(Set<Integer> lanes, ConsumerGroupMetadata metadata) {

    Ownership {
        lanes = Set.copyOf(lanes);
    }

    boolean owns(int lane) {
        // Outside of a generation a broker accepts any transaction: such metadata would prove nothing.
        return metadata.generationId() >= 0 && lanes.contains(lane);
    }
}
