package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.job.StateMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sources that cannot be looked at; down-after is five minutes. */
class SourceWatchTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration DOWN_AFTER = Duration.ofMinutes(5);

    @TempDir
    private Path stateDir;
    private DrivenTopology topology;
    private Instant now = START;

    @BeforeEach
    void start() {
        topology = driven(stateDir);
        topology.looks.listeningSince = Optional.of(START);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @Test
    void shouldRaiseOneAlertWhilePollsFailAndEndItWithTheFirstSuccess() {
        hear("a", START, 0);
        for (int minute = 0; minute < 10; minute++) {
            pass(Duration.ofMinutes(1));
            hear("a", START, minute + 1);
        }
        pass(Duration.ofMinutes(1));

        JobAlert down = only(topology.alerts());
        assertThat(down.getKind()).isEqualTo(AlertKind.SOURCE_DOWN);
        assertThat(down.getActive()).isTrue();
        assertThat(down.getSource()).isEqualTo("a");
        assertThat(down.getJobId()).isNull();
        assertThat(down.getSince()).isEqualTo(START);
        assertThat(down.getMessage()).startsWith("no successful look since 2026-11-22T10:00:00Z; ")
                .endsWith(" failed in a row: connection refused");

        hear("a", now, 0);
        pass(Duration.ofMinutes(1));
        JobAlert up = only(topology.alerts());
        assertThat(up.getActive()).isFalse();
        assertThat(up.getSince()).isEqualTo(START);
    }

    @Test
    void shouldRaiseAnAlertWhereNobodyTellsAnythingOfASource() {
        hear("a", START, 0);
        pass(DOWN_AFTER.plusSeconds(2));

        assertThat(only(topology.alerts()).getMessage()).isEqualTo("no successful look since 2026-11-22T10:00:00Z");
    }

    /** While the cluster is away nobody can tell of a success. */
    @Test
    void shouldNotTakeAnOutageOfTheClusterForOneOfTheSources() {
        hear("a", START, 0);
        topology.looks.listeningSince = Optional.empty();
        pass(DOWN_AFTER.multipliedBy(3));
        topology.looks.listeningSince = Optional.of(now);
        pass(DOWN_AFTER.minusSeconds(1));
        assertThat(topology.alerts()).isEmpty();

        pass(Duration.ofSeconds(2));
        assertThat(topology.alerts()).as("the silence has gone on").hasSize(1);
    }

    @Test
    void shouldGiveASourceThatIsPolledSeldomTheTimeOfThreePolls() {
        SourceStatus seldom = status("a", START, 0);
        seldom.setPollIntervalMillis(Duration.ofHours(1).toMillis());
        topology.looks.hear(seldom, now);
        pass(Duration.ofHours(3));
        assertThat(topology.alerts()).isEmpty();

        pass(Duration.ofSeconds(2));
        assertThat(topology.alerts()).hasSize(1);
    }

    /** It is asked at least once a minute while it fails. */
    @Test
    void shouldNotWaitForThreePollsOfASourceThatIsPolledSeldomAndFails() {
        for (int minute = 0; minute <= 66; minute++) {
            SourceStatus seldom = status("a", START, minute < 60 ? 0 : minute - 59);
            seldom.setPollIntervalMillis(Duration.ofHours(1).toMillis());
            topology.looks.hear(seldom, now);
            pass(Duration.ofMinutes(1));
            assertThat(topology.alerts()).as("after %d minutes", minute + 1).hasSize(minute + 1 > 66 ? 1 : 0);
        }
    }

    @Test
    void shouldTellOfASourceThatNeverWasLookedAtSuccessfully() {
        for (int minute = 0; minute < 10; minute++) {
            hear("a", null, minute + 1);
            pass(Duration.ofMinutes(1));
        }

        assertThat(only(topology.alerts()).getSince()).isEqualTo(START);
    }

    @Test
    void shouldEndTheAlertOfASourceThatIsNoLongerWatched() {
        hear("a", START, 0);
        pass(DOWN_AFTER.plusSeconds(2));
        topology.alerts();
        topology.looks.forget("a");
        pass(Duration.ofMinutes(1));

        assertThat(only(topology.alerts()).getMessage()).isEqualTo("no longer watched");
    }

    @Test
    void shouldNotRepeatAnAlertAfterARestart() {
        hear("a", START, 0);
        pass(DOWN_AFTER.plusSeconds(2));
        assertThat(topology.alerts()).hasSize(1);

        restart();
        topology.looks.listeningSince = Optional.of(START);
        hear("a", START, 5);
        pass(Duration.ofHours(1));
        assertThat(topology.alerts()).isEmpty();

        hear("a", now, 0);
        pass(Duration.ofSeconds(2));
        assertThat(only(topology.alerts()).getActive()).isFalse();
    }

    /** Who has just come does not know for how long there was no success. */
    @Test
    void shouldNotEndTheAlertOfASourceThatNeverWasLookedAtSuccessfullyAfterARestart() {
        hear("a", null, 1);
        pass(DOWN_AFTER.plusSeconds(2));
        assertThat(topology.alerts()).hasSize(1);

        restart();
        topology.looks.listeningSince = Optional.of(now);
        hear("a", null, 2);
        pass(Duration.ofMinutes(1));
        assertThat(topology.alerts()).as("no end").isEmpty();
        pass(DOWN_AFTER.multipliedBy(2));
        assertThat(topology.alerts()).as("no second beginning").isEmpty();

        hear("a", now, 0);
        pass(Duration.ofSeconds(2));
        assertThat(only(topology.alerts()).getActive()).isFalse();
    }

    /** A quiet source's cursor is old: it is written with changes only. */
    @Test
    void shouldNotTakeTheFirstFailureAfterATakeOverForAnOutage() {
        pass(Duration.ofHours(3));
        hear("a", now, 0);
        pass(Duration.ofSeconds(30));
        hear("a", START, 1);
        pass(Duration.ofMinutes(1));
        assertThat(topology.alerts()).as("the last success was a moment ago").isEmpty();

        pass(DOWN_AFTER);
        hear("a", START, 9);
        pass(Duration.ofSeconds(2));
        assertThat(only(topology.alerts()).getSince()).isEqualTo(START.plus(Duration.ofHours(3)));
    }

    /** Stops the topology and starts another with what the first left in its store. */
    private void restart() {
        List<KeyValue<Bytes, byte[]>> stored = new ArrayList<>();
        try (var all = topology.driver.<Bytes, byte[]>getKeyValueStore(JobTopology.SOURCE_ALERTS_STORE).all()) {
            all.forEachRemaining(stored::add);
        }
        topology.close();
        topology = driven(stateDir.resolve("again" + now.toEpochMilli()));
        stored.forEach(entry -> topology.driver.<Bytes, byte[]>getKeyValueStore(JobTopology.SOURCE_ALERTS_STORE)
                .put(entry.key, entry.value));
    }

    private DrivenTopology driven(Path dir) {
        return new DrivenTopology(StateStore.MEMORY, dir, new StateMachine(Duration.ofDays(7)), Map.of(), now);
    }

    private void hear(String source, Instant lastSuccessAt, int failures) {
        topology.looks.hear(status(source, lastSuccessAt, failures), now);
    }

    private SourceStatus status(String source, Instant lastSuccessAt, int failures) {
        SourceStatus status = new SourceStatus();
        status.setSource(source);
        status.setUpdatedAt(now);
        status.setLastSuccessAt(lastSuccessAt);
        status.setFailuresInRow(failures);
        status.setFailure(failures == 0 ? null : "connection refused");
        return status;
    }

    private void pass(Duration time) {
        now = now.plus(time);
        topology.advance(time);
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
