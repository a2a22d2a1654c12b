package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.source.Listing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MissingTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Listing.Jobs NOTHING = new Listing.Feed(List.of(), List.of(), Optional.of("t"));

    private final SourceMemory memory = new SourceMemory();
    private final Missing missing = new Missing();
    private Instant now = START;

    @Test
    void shouldGiveEachJobOfWhichNothingIsHeardItsTurnHoweverManyThereAre() {
        remember(1_000, JobState.QUEUED);
        now = now.plus(Missing.LIVE_UNHEARD);

        Set<String> lookedUp = new HashSet<>();
        for (int poll = 0; poll < 1_000 / Missing.MAX_UNHEARD; poll++) {
            now = now.plusSeconds(30);
            lookedUp.addAll(poll(Set.of()));
        }

        assertThat(lookedUp).hasSize(1_000);
    }

    @Test
    void shouldNotLetJobsForWhichThereIsNeverAnAnswerTakeTheTurnsOfOthers() {
        remember(100, JobState.QUEUED);
        now = now.plus(Missing.LIVE_UNHEARD);
        Set<String> poisoned = Set.copyOf(poll(Set.of()).subList(0, Missing.MAX_UNHEARD));

        Set<String> lookedUp = new HashSet<>();
        for (int poll = 0; poll < 30; poll++) {
            now = now.plusSeconds(60);
            lookedUp.addAll(poll(poisoned));
        }

        assertThat(lookedUp).hasSize(100);
    }

    @Test
    void shouldAskAgainSoonWhereThereWasNoAnswer() {
        remember(1, JobState.QUEUED);
        now = now.plus(Missing.LIVE_UNHEARD);

        assertThat(poll(Set.of("job-0"))).containsExactly("job-0");
        now = now.plusSeconds(61);
        assertThat(poll(Set.of())).containsExactly("job-0");
        now = now.plusSeconds(61);
        assertThat(poll(Set.of())).isEmpty();
    }

    /** A service that keeps its ended jobs for months was asked for thousands of them after each start. */
    @Test
    void shouldSpreadTheEndedJobsOverTheirTimeAfterAStart() {
        remember(10_000, JobState.FINISHED);
        now = now.plus(Duration.ofDays(30));

        int asked = 0;
        for (int poll = 0; poll < 120; poll++) {
            now = now.plusSeconds(30);
            asked += poll(Set.of()).size();
        }

        assertThat(asked).as("of 10,000 in an hour, a twenty-fourth of their time").isBetween(200, 650);
    }

    private List<String> poll(Set<String> unanswered) {
        List<String> ids = missing.of(NOTHING, Set.of(), memory, now);
        Set<String> held = new HashSet<>(ids);
        held.retainAll(unanswered);
        missing.lookedUp(ids, held, now);
        assertThat(ids).hasSizeLessThanOrEqualTo(Missing.MAX_UNHEARD);
        return ids;
    }

    private void remember(int jobs, JobState state) {
        Map<String, Optional<JobMemory>> remembered = new HashMap<>();
        for (int i = 0; i < jobs; i++) {
            remembered.put("job-" + i,
                    Optional.of(new JobMemory("f", state, 1, 0, Optional.empty(), Optional.of(START), Optional.empty())));
        }
        memory.succeeded(START, Optional.of("t"), Set.of(), remembered);
    }
}
