package io.jobwatch.poll;

import static io.jobwatch.poll.JobBuilder.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.registry.TrustedEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");

    @BeforeAll
    static void trust() {
        TrustedEvents.allow();
    }

    @Test
    void shouldDifferInEachThingThatMakesAJobDiffer() {
        List<String> prints = List.of(
                print(processing()),
                Fingerprint.of(processing().build(), 2),
                print(job("1", JobState.QUEUED).nativeState("PROCESSING")),
                print(processing().nativeState("RUNNING")),
                print(processing().reason("waits")),
                print(processing().reason("")),
                print(processing().named("waits")),
                print(processing().withoutDetails()),
                print(processing().progress(0)),
                print(processing().progress(10)),
                print(processing().progress(100)),
                print(processing().task("t", JobState.QUEUED)),
                print(processing().task("t", JobState.ERROR)),
                print(processing().task("t", JobState.ERROR, new ErrorDetail("c", "m"))),
                print(processing().task("t", JobState.ERROR, new ErrorDetail("c", "n"))),
                print(processing().task("t", JobState.ERROR, new ErrorDetail("cm", ""))));

        assertThat(prints).doesNotHaveDuplicates();
    }

    @Test
    void shouldNotDifferInTimesNorWithinAStepOfTen() {
        assertThat(print(processing().progress(11).created(TIME))).isEqualTo(print(processing().progress(19).ended(TIME)));
    }

    @Test
    void shouldTellAnErrorFromATaskOfTheSameTexts() {
        assertThat(print(processing().task("t", JobState.ERROR, new ErrorDetail("u", "ERROR"))))
                .isNotEqualTo(print(processing().task("t", JobState.ERROR).task("u", JobState.ERROR)));
    }

    @Test
    void shouldTellBadItemsApart() {
        assertThat(Fingerprint.of(bytes("{}"))).isEqualTo(Fingerprint.of(bytes("{}"))).isNotEqualTo(Fingerprint.of(bytes("{ }")));
    }

    private static JobBuilder processing() {
        return job("1", JobState.PROCESSING);
    }

    private static String print(JobBuilder job) {
        return Fingerprint.of(job.build(), 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
