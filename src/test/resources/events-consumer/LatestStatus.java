import io.jobwatch.event.JobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The latest status of every job, as job-status tells it. */
final class LatestStatus {
    private LatestStatus() {
    }

    /** Reads the topic from its beginning to what is its end now. */
    static Map<String, JobStatus> read(Consumer<String, byte[]> consumer, String topic, Values<JobStatus> values) throws Exception {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition())).toList();
        consumer.assign(partitions);                       // no group: every instance reads all of it
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<String, JobStatus> statusByKey = new TreeMap<>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                if (record.value() == null) {
                    statusByKey.remove(record.key());      // forgotten
                } else {
                    statusByKey.put(record.key(), values.read(record.value()));
                }
            }
        }
        return statusByKey;                                // poll on to follow the changes from here
    }
}
