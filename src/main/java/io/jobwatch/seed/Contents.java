package io.jobwatch.seed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** What is in some topics, partition by partition. Belongs to one thread. */
final class Contents {
    /** For what is compared by key and value alone. */
    static final Headers NO_HEADERS = new RecordHeaders();

    private final Map<TopicPartition, ContentDigest> digests = new HashMap<>();

    void add(TopicPartition partition, byte[] key, byte[] value, Headers headers) {
        digests.computeIfAbsent(partition, none -> new ContentDigest()).add(key, value, headers);
    }

    long records() {
        return digests.values().stream().mapToLong(ContentDigest::records).sum();
    }

    /** {@return how many records each topic holds, of those that hold any} */
    Map<String, Long> byTopic() {
        Map<String, Long> records = new HashMap<>();
        digests.forEach((partition, digest) -> records.merge(partition.topic(), digest.records(), Long::sum));
        return records;
    }

    /** {@return where other contents differ from these, a text for people for each partition} */
    List<String> differences(Contents found) {
        Set<TopicPartition> all = new HashSet<>(digests.keySet());
        all.addAll(found.digests.keySet());
        List<String> differences = new ArrayList<>();
        for (TopicPartition partition : all) {
            ContentDigest mine = digests.getOrDefault(partition, new ContentDigest());
            ContentDigest other = found.digests.getOrDefault(partition, new ContentDigest());
            if (!mine.sameAs(other)) {
                differences.add(partition + " holds " + other.records() + " records where " + mine.records() + " are due"
                        + (mine.records() == other.records() ? ", with other contents" : ""));
            }
        }
        differences.sort(String::compareTo);
        return differences;
    }
}
