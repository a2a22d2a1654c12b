package io.jobwatch.cli.doctor;

import io.jobwatch.topic.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Whether records or items could not be used lately. Those that were put back do not count. */
final class DeadLettersExamination implements Examination {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration READ_WITHIN = Duration.ofSeconds(20);
    private static final int MOST = 10_000;
    private static final int REASON_CHARS = 40;

    private final Deployment deployment;
    private final InstantSource clock;

    DeadLettersExamination(Deployment deployment, InstantSource clock) {
        this.deployment = deployment;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "dead letters";
    }

    @Override
    public Result examine() {
        Instant now = clock.instant();
        Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
        try (CommittedReader reader = new CommittedReader(deployment.kafka())) {
            reader.read(reader.since(reader.partitions(deployment.topics().deadLetters()), now.minus(DAY).toEpochMilli()), READ_WITHIN,
                    record -> {
                        count(record, letters);
                        return letters.size() < MOST;
                    });
        }
        if (letters.isEmpty()) {
            return new Result("none within a day", List.of());
        }
        long lately = letters.values().stream().filter(letter -> letter.timestamp() >= now.minus(HOUR).toEpochMilli()).count();
        String most = letters.size() == MOST ? " or more" : "";
        String reasons = letters.values().stream()
                .collect(Collectors.groupingBy(DeadLettersExamination::reason, TreeMap::new, Collectors.counting()))
                .entrySet().stream().map(reason -> reason.getKey() + " " + reason.getValue()).limit(10).collect(Collectors.joining(", "));
        Finding finding = Finding.warn(Ailment.DEAD_LETTERS, deployment.topics().deadLetters(), letters.size() + most
                + " within a day, " + lately + " within an hour: " + reasons, "none", "jobwatch dead-letters list -c FILE --since 1d; "
                + "once their cause is gone, jobwatch dead-letters replay -c FILE --since 1d --all: ops/dead-letters.md");
        return new Result(letters.size() + most + " within a day", List.of(finding));
    }

    private static void count(ConsumerRecord<byte[], byte[]> record, Map<String, ConsumerRecord<byte[], byte[]>> letters) {
        if (header(record, DeadLetterHeaders.ORIGIN).equals(DeadLetterHeaders.REPLAY)) {
            letters.remove(header(record, DeadLetterHeaders.REPLAYED));
        } else {
            letters.put(record.partition() + ":" + record.offset(), record);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String reason(ConsumerRecord<byte[], byte[]> letter) {
        String reason = header(letter, DeadLetterHeaders.REASON);
        return reason.isEmpty() ? "no reason" : reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS) + "…";
    }
}
