package io.jobwatch.topic.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults in the moment of a commit, which no broker has at will. */
class ReplayTransactionsTest {
    private final List<Outcome> told = new ArrayList<>();
    private Supplier<RuntimeException> once;
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public void commitTransaction() {
                    super.commitTransaction();
                    if (once != null) {
                        RuntimeException failure = once.get();
                        once = null;
                        beginTransaction();   // as a producer that may be asked again
                        throw failure;
                    }
                }
            };
    private final ReplayTransactions transactions = new ReplayTransactions(producer, "dead-letters", "jobwatch");

    @BeforeEach
    void takeALetter() {
        producer.initTransactions();
        transactions.putBack(new ConsumerRecord<>("dead-letters", 0, 7, new byte[1], new byte[1]), new LetterId(0, 7),
                new Place("job-state-events", 1, 40), told::add);
    }

    @ParameterizedTest
    @ValueSource(classes = {TimeoutException.class, ProducerFencedException.class})
    void shouldNotSayThatRecordsWereLeftWhenTheCommitMayHaveHappened(Class<? extends RuntimeException> failure) throws Exception {
        producer.commitTransactionException = failure.getConstructor(String.class).newInstance("no answer");

        assertThatThrownBy(() -> transactions.commit(told::add)).isInstanceOf(TopicException.class)
                .hasMessage("it is not known whether the last 1 records were put back, of which nothing was told (no answer):"
                        + " try again without --again, which puts back those that were not");
        assertThat(told).isEmpty();
    }

    @Test
    void shouldAskAgainForACommitThatTimedOut() {
        once = () -> new TimeoutException("no answer");

        transactions.commit(told::add);

        assertThat(told).hasSize(1);
    }

    @Test
    void shouldFinishACommitThoughItIsInterrupted() {
        once = () -> new InterruptException(new InterruptedException());

        transactions.commit(told::add);

        assertThat(Thread.interrupted()).as("still to be seen").isTrue();
        assertThat(told).hasSize(1);
    }
}
