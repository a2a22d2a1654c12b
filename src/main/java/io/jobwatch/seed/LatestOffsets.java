package io.jobwatch.seed;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the latest record of each key of a partition is, of keys whose latest record is no tombstone. It is found in a first reading, which
 * keeps 16 bytes of hash for a key and not the records, as the log cleaner does: about 100 bytes of memory for each key of one partition. A
 * second reading then takes the records. Belongs to one thread.
 */
final class LatestOffsets {
    private final long[] offsets;
    private int next;

    /** 128 bits of SHA-256: that two keys share them will not happen. */
    private record KeyHash(long high, long low) {
        static KeyHash of(byte[] key, MessageDigest sha256) {
            ByteBuffer hash = ByteBuffer.wrap(sha256.digest(key));
            return new KeyHash(hash.getLong(), hash.getLong());
        }
    }

    private LatestOffsets(long[] offsets) {
        this.offsets = offsets;
    }

    /** @param met told of each record on the way */
    static LatestOffsets find(CommittedReader reader, TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> met) {
        Map<KeyHash, Long> latest = new HashMap<>();
        MessageDigest sha256 = ContentDigest.sha256();
        reader.read(partition, record -> {
            met.accept(record);
            KeyHash key = KeyHash.of(record.key(), sha256);
            if (record.value() == null) {
                latest.remove(key);
            } else {
                latest.put(key, record.offset());
            }
        });
        long[] offsets = latest.values().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(offsets);
        return new LatestOffsets(offsets);
    }

    /** {@return whether the record is the latest of its key} Records must be asked about in the order of their offsets. */
    boolean isLatest(ConsumerRecord<byte[], byte[]> record) {
        while (next < offsets.length && offsets[next] < record.offset()) {
            next++;
        }
        return next < offsets.length && offsets[next] == record.offset();
    }
}
