package io.jobwatch.poll;

import io.jobwatch.event.PollCursor;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.topic.JobKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads the committed records of one lane from the beginning to the end. */
final class LaneReader {
    private static final Duration POLL = Duration.ofMillis(200);

    private LaneReader() {
    }

    /**
     * {@return what was remembered of each source of the lane}
     *
     * @param consumer reads read_committed and is in no group
     * @throws io.jobwatch.registry.MalformedValueException if a record is none of ours
     */
    static Map<String, SourceMemory> read(Consumer<byte[], byte[]> consumer, TopicPartition lane, AvroDecoder<PollCursor> decoder) {
        consumer.assign(List.of(lane));
        consumer.seekToBeginning(List.of(lane));
        // The fencing of the owner before us aborted what it had open, so the last stable offset is the end.
        long end = consumer.endOffsets(List.of(lane)).get(lane);
        Map<String, SourceMemory> memories = new HashMap<>();
        while (consumer.position(lane) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                String key = new String(record.key(), StandardCharsets.UTF_8);
                String source = JobKey.parse(key).map(JobKey::source).orElse(key);
                String jobId = JobKey.parse(key).map(JobKey::jobId).orElse(null);
                PollCursor cursor = record.value() == null ? null : decoder.decode(record.value());
                if (jobId == null && cursor == null) {
                    memories.remove(source);
                } else {
                    memories.computeIfAbsent(source, name -> new SourceMemory()).restore(jobId, cursor);
                }
            }
        }
        return memories;
    }
}
