package io.jobwatch.query.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import io.jobwatch.event.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What surrounds the pages: when they ask, what is said of their age, where the reader is; in a real browser. */
class ConsoleFrameIT extends ConsoleFixture {
    private static final String JOBS = "/api/v1/jobs?";
    /** Also without the stream, the page polls no sooner. */
    private static final int LESS_THAN_A_POLL = 2_000;
    private static final Duration WITHIN = Duration.ofSeconds(30);

    @Test
    void shouldNotLetAgesRunBackwardsBecauseHeadersHaveWholeSeconds() {
        try (ConsolePage console = open("/#/")) {
            Object offsets = console.page().evaluate("""
                    import('/console/time.js').then(time => Array.from({length: 20}, (none, i) => {
                      const at = Date.now() + i * 100;
                      time.learnServerTime(new Date(at + 10_000).toUTCString(), at);
                      return Math.round((time.now() - Date.now()) / 100);
                    }))""");
            assertThat(((List<?>) offsets).stream().distinct()).hasSize(1);
            assertThat(((Number) ((List<?>) offsets).get(0)).intValue()).isBetween(95, 105);
        }
    }

    @Test
    void shouldStillSayThatTheViewIsStaleAfterATextThatCannotTell() {
        view.put(status("s", "1", JobState.ERROR, now).build());
        view.put(report("s", "1", now, "Broken").build());
        view.setProcessingLag(Duration.ofSeconds(50));
        try (ConsolePage console = open("/#/")) {
            assertThat(console.find("#banner")).containsText("Stale");
            assertThat(console.page().evaluate("""
                    import('/console/api.js').then(api => api.get('/api/v1/jobs/s/1/report', {accept: 'text/plain'})
                      .then(() => api.answered.stale))""")).isEqualTo(true);
            view.setProcessingLag(Duration.ZERO);
            assertThat(console.find("#banner")).isHidden();
        }
    }

    /** The clock of the page stands, so that only an event can make it ask before the next look that it takes anyway. */
    @Test
    void shouldHearOfChangesAskOnceForManyAndResumeWhereItWas() {
        view.put(status("s", "1", JobState.QUEUED, now).build());
        api.streams();
        try (ConsolePage console = open("/#/jobs")) {
            console.reloadWithOwnClock();
            assertThat(console.find("#age")).containsText("live");
            console.stopClock();
            view.put(status("s", "1", JobState.PROCESSING, now.plusSeconds(1)).build());
            console.awaitRequest(JOBS, 250, 11_000);
            assertThat(console.rows().first().locator(".state")).hasText("Processing");

            view.put(status("s", "1", JobState.FINISHED, now.plusSeconds(2)).build());
            int before = console.asked(JOBS);
            console.page().clock().runFor(LESS_THAN_A_POLL);
            assertThat(console.asked(JOBS)).isEqualTo(before);
            for (int i = 0; i < 500; i++) {
                api.tell("position-" + i);
            }
            console.awaitRequest(JOBS, 50, LESS_THAN_A_POLL);
            assertThat(console.rows().first().locator(".state")).hasText("Finished");
            console.page().clock().runFor(LESS_THAN_A_POLL);
            assertThat(console.asked(JOBS) - before).isBetween(1, 4);

            console.page().clock().resume();
            api.drop();
            await().atMost(WITHIN).until(() -> api.resumed().contains(Optional.of("position-499")));
            assertThat(console.find("#age")).containsText("live");
        }
    }

    @Test
    void shouldNotAskForTheEventsThatATabMissedWhileNobodySawIt() {
        api.streams();
        try (ConsolePage console = open("/#/")) {
            hear(console, "position-1");
            show(console, false);
            assertThat(console.find("#age")).not().containsText("live");
            show(console, true);
            assertThat(console.find("#age")).containsText("live");
            assertThat(api.resumed()).containsExactly(Optional.empty(), Optional.of("position-1"), Optional.empty());
        }
    }

    @Test
    void shouldNotAskForTheEventsOfALongOutage() {
        api.streams();
        try (ConsolePage console = open("/#/")) {
            console.reloadWithOwnClock();
            hear(console, "position-1");
            int before = api.resumed().size();
            console.page().clock().pauseAt(now.plus(Duration.ofHours(1)).toEpochMilli());
            api.drop();
            await().pollInSameThread().atMost(WITHIN).until(() -> {
                console.page().clock().runFor(500);
                return api.resumed().size() > before;
            });
            assertThat(api.resumed().get(before)).isEmpty();
        }
    }

    @Test
    void shouldLeadBackToWhereTheReaderWas() {
        for (int i = 0; i < 50; i++) {
            view.put(status("s", Integer.toString(i), JobState.QUEUED, now.minusSeconds(i)).build());
        }
        try (ConsolePage console = open("/#/jobs")) {
            Locator link = console.find(".livelist a.name").nth(40);
            link.scrollIntoViewIfNeeded();
            double place = scrolled(console);
            assertThat(place).isGreaterThan(500);
            link.click();
            assertThat(console.find("main h1")).hasText("Job 40");
            assertThat(console.find("main h1")).isFocused();
            assertThat(scrolled(console)).isZero();

            console.page().goBack();
            assertThat(link).isFocused();
            assertThat(scrolled(console)).isCloseTo(place, within(2.0));
            console.page().goForward();
            assertThat(console.find("main h1")).hasText("Job 40");
            assertThat(console.find("main h1")).isFocused();
            console.page().goBack();
            assertThat(link).isFocused();
            assertThat(scrolled(console)).isCloseTo(place, within(2.0));
        }
    }

    @Test
    void shouldStayWhereTheReaderWasWhenThePageIsLoadedAgain() {
        for (int i = 0; i < 50; i++) {
            view.put(status("s", Integer.toString(i), JobState.QUEUED, now.minusSeconds(i)).build());
        }
        try (ConsolePage console = open("/#/jobs")) {
            console.find(".livelist a.name").nth(40).scrollIntoViewIfNeeded();
            double place = scrolled(console);
            await().pollInSameThread().atMost(WITHIN).until(() -> console.page().evaluate("history.state.y") != null);
            console.page().reload();
            await().pollInSameThread().atMost(WITHIN).untilAsserted(() -> assertThat(scrolled(console)).isCloseTo(place, within(2.0)));
        }
    }

    private static double scrolled(ConsolePage console) {
        return ((Number) console.page().evaluate("scrollY")).doubleValue();
    }

    /** Tells of an event, and waits until the page has it: then it resumes from there. */
    private static void hear(ConsolePage console, String position) {
        assertThat(console.find("#age")).containsText("live");
        // The page has the head of the answer, and says so, before the server has it among its readers.
        await().pollInSameThread().atMost(WITHIN).until(() -> api.resumed().size() == console.asked("/api/v1/events"));
        api.tell(position);
        api.drop();
        await().pollInSameThread().atMost(WITHIN).until(() -> api.resumed().contains(Optional.of(position)));
    }

    private static void show(ConsolePage console, boolean shown) {
        console.page().evaluate("""
                shown => {
                  Object.defineProperty(document, "hidden", {configurable: true, get: () => !shown});
                  document.dispatchEvent(new Event("visibilitychange"));
                }""", shown);
    }
}
