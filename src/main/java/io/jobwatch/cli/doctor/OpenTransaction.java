package io.jobwatch.cli.doctor;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction that was open at a look, as one partition shows it.
 *
 * @param startOffset its first record there; readers of committed records get no further
 * @param since       when it began, or else when it last wrote; empty where this user may not be told
 * @param id          its transactional id, where this user may be told
 */
record OpenTransaction(TopicPartition partition, long startOffset, Optional<Instant> since, Optional<String> id) {
}
