package io.jobwatch.query.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.jobwatch.event.JobState;
import io.jobwatch.query.FakeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lists that are longer than a page, change while they are read, or are refused; in a real browser. */
@Timeout(120)
class ConsoleListIT {
    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private static final FakeView view = new FakeView();
    private static QueryServer server;
    private static FakeApi api;

    private final Instant now = Instant.now();

    @BeforeAll
    static void start() {
        server = ConsoleIT.start(view);
        api = new FakeApi(server.url());
    }

    @AfterAll
    static void stop() {
        api.close();
        server.close();
    }

    @BeforeEach
    void clear() {
        view.clear();
        api.clear();
    }

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

    private static ConsolePage open(String path) {
        return chromium.open(api.url(), path);
    }
}
