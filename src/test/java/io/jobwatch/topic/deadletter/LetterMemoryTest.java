package io.jobwatch.topic.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Outcome;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Refused;
import io.jobwatch.topic.deadletter.Refusal.Reasoned;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The topic keeps letters for a month: what reads all of them must not keep them. */
class LetterMemoryTest {
    private static final String INPUT = "jobwatch.job-state-events";
    private static final LetterFilter ALL = new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private final List<Outcome> told = new ArrayList<>();

    @Test
    void shouldNotKeepLettersThatAReplayLeavesAsTheyAre() {
        ReplaySurvey survey = new ReplaySurvey(ALL::matches, INPUT, 3, false, told::add);
        List<WeakReference<Object>> given = List.of(
                letter(survey, 1, DeadLetterHeaders.ofItem("encoder", "no Id")),
                letter(survey, 2, headers("jobwatch.job-error-reports", 0)),
                letter(survey, 3, headers(INPUT, 9)));

        awaitGone(given);

        assertThat(told).extracting(outcome -> outcome.letter() + " " + ((Refused) outcome).reason().refusal())
                .containsExactly("0:1 POLL_ITEM", "0:2 OUTPUT", "0:3 NO_PLACE");
        assertThat(survey.due()).isEmpty();
    }

    @Test
    void shouldKeepOfALetterThatIsDueOnlyWhereItCameFrom() {
        ReplaySurvey survey = new ReplaySurvey(ALL::matches, INPUT, 3, false, told::add);
        List<WeakReference<Object>> given = List.of(letter(survey, 4, headers(INPUT, 2)), letter(survey, 5, headers(INPUT, 1)));
        survey.replayed(note(5));

        awaitGone(given);

        assertThat(survey.due()).containsOnlyKeys(new LetterId(0, 4)).containsValue(new Place(INPUT, 2, 40));
        assertThat(told).extracting(outcome -> ((Refused) outcome).reason()).extracting(Reasoned::refusal)
                .containsExactly(Refusal.REPLAYED);
    }

    @Test
    void shouldNotKeepWhenALetterWasPutBackThatIsNotListed() {
        LetterList.Collector collector = new LetterList.Collector(
                new LetterFilter(Optional.empty(), Optional.of("stream"), Optional.empty(), Optional.empty()), 1);
        ReplayNote ofThePast = note(1);
        ReplayNote ofAnother = note(2);
        ReplayNote listed = note(3);
        List<WeakReference<Object>> given = List.of(new WeakReference<>(ofThePast), new WeakReference<>(ofAnother),
                letter(collector, 1, headers(INPUT, 2)));
        collector.replayed(ofThePast);
        letter(collector, 2, DeadLetterHeaders.ofItem("encoder", "no Id"));
        collector.replayed(ofAnother);
        letter(collector, 3, headers(INPUT, 2));
        collector.replayed(listed);
        ofThePast = null;
        ofAnother = null;

        awaitGone(given);

        assertThat(collector.list().items()).singleElement().satisfies(item -> {
            assertThat(item.letter().id()).isEqualTo(new LetterId(0, 3));
            assertThat(item.replayed()).contains(listed);
        });
        assertThat(collector.list().matching()).isEqualTo(2);
    }

    private static void awaitGone(List<WeakReference<Object>> given) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return given.stream().allMatch(reference -> reference.get() == null);
        });
    }

    /** {@return the letter's key, which may be large} */
    private static WeakReference<Object> letter(DeadLetterReader.Visitor visitor, long offset, Headers headers) {
        byte[] key = "encoder/7".getBytes(StandardCharsets.UTF_8);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("dead-letters", 0, offset, 1_000 + offset, TimestampType.CREATE_TIME,
                key.length, 0, key, new byte[0], headers, Optional.empty());
        visitor.letter(record, DeadLetter.of(record));
        return new WeakReference<>(key);
    }

    private static Headers headers(String topic, int partition) {
        return new RecordHeaders(DeadLetterHeaders.ofRecord("BAD_KEY", new IllegalStateException("BAD_KEY: on purpose"), topic, partition,
                40));
    }

    private static ReplayNote note(long offset) {
        return new ReplayNote(new LetterId(0, offset), Instant.EPOCH, INPUT + "-1@" + offset);
    }
}
