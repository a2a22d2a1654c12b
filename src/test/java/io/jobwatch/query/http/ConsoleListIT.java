package io.jobwatch.query.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists that are longer than a page, change while they are read, or are refused; in a real browser. */
class ConsoleListIT extends ConsoleFixture {
    @Test
    void shouldNotPageOverJobsThatMovedUpWhileAPageWasRead() {
        for (int i = 0; i < 170; i++) {
            view.put(status("s", Integer.toString(i), JobState.QUEUED, now.minusSeconds(1_000 + i)).build());
        }
        try (ConsolePage console = open("/#/jobs")) {
            List<String> seen = new ArrayList<>(turn(console, "Job 0"));
            assertThat(names(console).first()).hasText("Job 50");
            for (int i = 60; i < 90; i++) {
                view.put(status("s", Integer.toString(i), JobState.PROCESSING, now.plusSeconds(i)).build());
            }
            assertThat(console.find(".livelist tbody tr.left")).hasCount(30);
            assertThat(console.rows()).hasCount(50);
            seen.addAll(turn(console, "Job 50"));
            seen.addAll(turn(console, "Job 100"));
            assertThat(names(console).first()).hasText("Job 150");
            seen.addAll(names(console).allTextContents());
            assertThat(seen).doesNotHaveDuplicates().containsAll(IntStream.range(0, 170).mapToObj(i -> "Job " + i).toList());
        }
    }

    @Test
    void shouldNotPageOverJobsThatFilledUpAFirstPageThatIsRead() {
        for (int i = 0; i < 120; i++) {
            view.put(status("s", Integer.toString(i), JobState.QUEUED, now.minusSeconds(1_000 + i)).build());
        }
        try (ConsolePage console = open("/#/jobs?state=QUEUED")) {
            names(console).nth(5).focus();
            for (int i = 10; i < 40; i++) {
                view.put(status("s", Integer.toString(i), JobState.PROCESSING, now.plusSeconds(i)).build());
            }
            view.put(status("s", "new", JobState.QUEUED, now).build());
            assertThat(console.find(".button.new")).hasText("1 new, show");
            turn(console, "Job 0");
            assertThat(names(console).first()).hasText("Job 50");
        }
    }

    @Test
    void shouldRememberOnlyThePagesThatCanHaveBeenFollowed() {
        try (ConsolePage console = open("/#/")) {
            Object backs = console.page().evaluate("""
                    import('/console/pager.js').then(({Pager}) => {
                      const pager = new Pager("jobs");
                      const leadsBack = (cursor, next) => {
                        pager.show([], cursor, next);
                        return pager.element.textContent.includes("Newer");
                      };
                      for (const next of ["a", "b", "c"]) {
                        leadsBack("x", next);
                      }
                      return [leadsBack("c", "d"), leadsBack("d", null), leadsBack("c", "d"), leadsBack("a", null), leadsBack("b", null)];
                    })""");
            assertThat((List<?>) backs).isEqualTo(List.of(true, true, true, false, false));
        }
    }

    @Test
    void shouldSearchOnWhereTheApiAnswersFewAndNotSayThatThereAreNone() {
        // As for a frequent name that none of the newest jobs has: each answer looks through a part of the list.
        api.answer("/api/v1/jobs", context -> {
            int part = Integer.parseInt(Optional.ofNullable(context.queryParam("cursor")).orElse("0"));
            return page(part == 7 ? List.of(status("s", "late", JobState.FINISHED, now).build()) : List.of(), part == 9 ? null : part + 1);
        });
        try (ConsolePage console = open("/#/jobs?name=a")) {
            assertThat(console.find(".livelist .empty"))
                    .containsText("None of the newest jobs matches these filters; older ones have not been looked through.");
            String first = "/api/v1/jobs?limit=50&name=a";
            assertThat(lists()).containsExactly(first, first + "&cursor=1", first + "&cursor=2", first + "&cursor=3", first + "&cursor=4");
            console.find(".livelist .empty a", "Search on").click();
            assertThat(names(console)).hasText(new String[] {"Job late"});
            assertThat(console.hash()).isEqualTo("#/jobs?name=a&cursor=5");
            assertThat(console.find(".pager a", "Older")).hasCount(0);
        }
    }

    @Test
    void shouldNotShowOldRowsUnderNewFiltersAsIfTheyMatched() {
        view.put(status("s", "1", JobState.QUEUED, now).build());
        CountDownLatch answered = new CountDownLatch(1);
        try (ConsolePage console = open("/#/jobs")) {
            assertThat(names(console)).hasText(new String[] {"Job 1"});
            assertThat(console.find(".livelist[aria-busy]")).hasCount(0);
            api.answer("/api/v1/jobs", context -> {
                awaitQuietly(answered);
                return page(List.of(), null);
            });
            console.find(".chip", "Error").locator("input").check();
            assertThat(console.find(".livelist[aria-busy=true] > .card")).hasCSS("opacity", "0.45");
            answered.countDown();
            assertThat(console.find(".livelist .empty")).hasText("No job matches these filters.");
            assertThat(console.find(".livelist[aria-busy]")).hasCount(0);
        } finally {
            answered.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource({"jobs, state=error, the parameter state is \"error\"", "jobs, changedSince=yesterday, the parameter changedSince",
        "failures, cursor=AAAB, the parameter cursor", "alerts, kind=X, the parameter kind"})
    void shouldSayWhatIsWrongWithALinkAndOfferTheFiltersInsteadOfTryingForEver(String page, String query, String problem) {
        view.put(status("s", "1", JobState.QUEUED, now).build());
        try (ConsolePage console = open("/#/" + page + "?" + query)) {
            assertThat(console.find("main [role=alert]")).containsText(problem);
            assertThat(console.find("main [role=alert]")).not().containsText("Trying again");
            assertThat(console.find("main h1")).isVisible();
            assertThat(console.field("Source")).isVisible();
            assertThat(console.find(".livelist tbody tr")).hasCount(0);
            console.find("main [role=alert] a", "Show all " + page).click();
            assertThat(console.find("main [role=alert] .note")).hasCount(0);
            assertThat(console.find(".livelist .empty, .livelist tbody tr")).hasCount(1);
            assertThat(console.hash()).isEqualTo("#/" + page);
        }
    }

    @Test
    void shouldNotRepeatARequestThatIsRefusedAndClearTheRowsThatWereThere() {
        view.put(status("s", "1", JobState.QUEUED, now).build());
        try (ConsolePage console = open("/#/jobs")) {
            console.reloadWithOwnClock();
            assertThat(names(console)).hasCount(1);
            console.page().evaluate("location.hash = '#/jobs?state=error'");
            assertThat(console.find("main [role=alert]")).containsText("the parameter state is");
            assertThat(names(console)).hasCount(0);
            assertThat(console.field("Source")).isVisible();
            console.stopClock();
            int before = console.asked("/api/v1/jobs?");
            console.page().clock().runFor(30_000);
            assertThat(console.asked("/api/v1/jobs?")).isEqualTo(before);
            console.find(".chip", "Queued").locator("input").check();
            assertThat(names(console)).hasText(new String[] {"Job 1"});
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> lists() {
        return api.asked().stream().filter(path -> path.startsWith("/api/v1/jobs?")).toList();
    }

    /** {@return an answer of the API; the next cursor is null on the last page} */
    private static byte[] page(List<JobStatus> items, Integer nextCursor) {
        return FakeApi.object(json -> {
            json.writeArrayFieldStart("items");
            for (JobStatus item : items) {
                Json.writeRecord(json, item);
            }
            json.writeEndArray();
            json.writeStringField("nextCursor", nextCursor == null ? null : nextCursor.toString());
        });
    }

    /** {@return the names on the page that begins with one, which has been left for the next} */
    private static List<String> turn(ConsolePage console, String first) {
        assertThat(names(console).first()).hasText(first);
        List<String> names = names(console).allTextContents();
        console.find(".pager a", "Older").click();
        return names;
    }

    private static Locator names(ConsolePage console) {
        return console.find(".livelist tbody a.name");
    }
}
