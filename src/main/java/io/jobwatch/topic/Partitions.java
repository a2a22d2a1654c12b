package io.jobwatch.topic;

import org.apache.kafka.common.utils.Utils;

/** Where the records of a key are. */
public final class Partitions {

    private Partitions() {
    }

    /** {@return the partition of a key: the one that Kafka's default partitioner chooses, murmur2 (as positive number) of its bytes} */
    public static int ofKey(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
