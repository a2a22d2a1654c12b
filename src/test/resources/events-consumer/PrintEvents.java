import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints transitions and error reports, each once, until it has read as many records as it was asked for; then the latest status of every
 * job. Needs jobwatch's events jar, Avro and Kafka's client.
 */
public final class PrintEvents {
    private PrintEvents() {
    }

    /** Arguments: the brokers, the registry's URL, the prefix of the topics, how many records to read. */
    public static void main(String[] args) throws Exception {
        String transitions = args[2] + "job-transitions";
        String reports = args[2] + "job-error-reports";
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", args[0],
                "group.id", "print-events",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "isolation.level", "read_committed");
        Values<JobTransition> transitionValues = new Values<>(args[1], JobTransition.getClassSchema());
        Values<JobErrorReport> reportValues = new Values<>(args[1], JobErrorReport.getClassSchema());
        Set<String> seen = new HashSet<>();
        int left = Integer.parseInt(args[3]);
        try (KafkaConsumer<String, byte[]> consumer =
                     new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(transitions, reports));
            while (left > 0) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    left--;
                    if (!seen.add(header(record, "ce_source") + " " + header(record, "ce_id"))) {
                        System.out.println("again " + header(record, "ce_id"));
                    } else if (record.topic().equals(transitions)) {
                        print(transitionValues.read(record.value()));
                    } else {
                        print(reportValues.read(record.value()));
                    }
                }
                consumer.commitSync();
            }
            consumer.unsubscribe();
            Values<JobStatus> statusValues = new Values<>(args[1], JobStatus.getClassSchema());
            LatestStatus.read(consumer, args[2] + "job-status", statusValues).forEach((key, status) ->
                    System.out.println("status " + key + " " + status.getState() + " since " + status.getStateSince()));
        }
    }

    private static void print(JobTransition transition) {
        System.out.println("transition " + transition.getSource() + "/" + transition.getJobId() + " " + transition.getSequence() + " "
                + transition.getPreviousState() + " -> " + transition.getCurrentState() + " at " + transition.getOccurredAt());
    }

    private static void print(JobErrorReport report) {
        for (Task task : report.getTasks()) {
            for (ErrorDetail error : task.getErrors()) {
                System.out.println("report " + report.getSource() + "/" + report.getJobId() + " " + report.getState() + " "
                        + task.getTaskId() + " " + error.getCode() + ": " + error.getMessage());
            }
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
