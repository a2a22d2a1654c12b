package io.jobwatch.query.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Locator;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.stream.TooManyReadersException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The list of jobs in a real browser, answered by the real server from a view of the test's. */
@Timeout(120)
class ConsoleIT {
    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private static final FakeView view = new FakeView();
    private static QueryServer server;

    private final Instant now = Instant.now();

    @BeforeAll
    static void start() {
        server = start(view);
    }

    /** {@return a server that answers from a view} */
    static QueryServer start(FakeView answering) {
        return QueryServer.start(new QueryConfig("127.0.0.1", 0), new Services(answering, (job, status) -> {
            throw new UnsupportedOperationException("nothing here explains");
        }, (filter, lastEventId, wakeUp) -> {
            throw new TooManyReadersException(0);
        }, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void clear() {
        view.clear();
    }

    @Test
    void shouldListJobsAndFilterThemByEachFilter() {
        view.put(status("a", "1", JobState.QUEUED, now.minusSeconds(60)).setJobName("Bunny").build());
        view.put(status("a", "2", JobState.FINISHED, now.minusSeconds(120)).setJobName("Big Bunny").build());
        view.put(status("b", "3", JobState.ERROR, now.minusSeconds(7_200)).setJobName(null).setAccount("fabrikam").build());
        try (ConsolePage console = open("/#/jobs")) {
            assertThat(names(console)).hasText(new String[] {"Bunny", "Big Bunny", "3"});
            assertThat(console.rows().nth(0)).containsText("1 min ago");
            assertThat(console.find(".chip", "Queued")).containsText("1");

            console.find(".chip", "Queued").locator("input").check();
            assertThat(names(console)).hasText(new String[] {"Bunny"});
            console.find(".chip", "Error").locator("input").check();
            assertThat(names(console)).hasText(new String[] {"Bunny", "3"});
            assertThat(console.hash()).isEqualTo("#/jobs?state=QUEUED&state=ERROR");

            console.field("Changed within").selectOption("1h");
            assertThat(names(console)).hasText(new String[] {"Bunny"});
            console.find("a", "Clear filters").click();
            assertThat(names(console)).hasCount(3);
            console.field("Name").fill("BIG");
            assertThat(names(console)).hasText(new String[] {"Big Bunny"});
            console.field("Name").fill("");
            console.field("Account").fill("fabrikam");
            assertThat(names(console)).hasText(new String[] {"3"});
            console.field("Account").fill("");
            assertThat(names(console)).hasCount(3);
            console.field("Source").selectOption("a");
            assertThat(names(console)).hasText(new String[] {"Bunny", "Big Bunny"});
            console.field("Name").fill("nothing of this name");
            assertThat(console.find(".livelist .empty")).hasText("No job matches these filters.");
        }
    }

    @Test
    void shouldKeepFiltersInTheAddressSoThatLinksAndBackWork() {
        view.put(status("a", "1", JobState.QUEUED, now).setJobName("Bunny").build());
        view.put(status("b", "2", JobState.ERROR, now).setJobName("Sintel").build());
        try (ConsolePage console = open("/#/jobs?state=ERROR&source=b&name=sin&changedSince=2026-01-01T00:00:00Z")) {
            assertThat(names(console)).hasText(new String[] {"Sintel"});
            assertThat(console.field("Name")).hasValue("sin");
            assertThat(console.field("Source")).hasValue("b");
            assertThat(console.field("Changed within")).hasValue("2026-01-01T00:00:00Z");
            assertThat(console.find(".chip", "Error").locator("input")).isChecked();

            names(console).first().click();
            assertThat(console.find("main h1")).hasText("Sintel");
            console.page().goBack();
            assertThat(console.find("main h1")).hasText("Jobs");
            assertThat(names(console)).hasText(new String[] {"Sintel"});
            assertThat(console.field("Name")).hasValue("sin");
        }
    }

    @Test
    void shouldPageThroughAHundredThousandJobs() {
        for (int i = 0; i < 100_000; i++) {
            view.put(status("s", Integer.toString(i), JobState.values()[i % 7], now.minusMillis(i * 20L)).build());
        }
        try (ConsolePage console = open("/#/")) {
            assertThat(console.find(".counts li").first()).hasText("All jobs100,000");
            console.find("#pages a", "Jobs").click();
            List<String> seen = new ArrayList<>();
            for (int turn = 0; turn < 3; turn++) {
                assertThat(names(console).first()).hasText("Job " + turn * 50);
                seen.addAll(names(console).allTextContents());
                console.find(".pager a", "Older").click();
            }
            assertThat(names(console).first()).hasText("Job 150");
            assertThat(seen).hasSize(150);
            assertThat(new HashSet<>(seen)).hasSize(150);
            console.find(".pager a", "Newer").click();
            assertThat(names(console).first()).hasText("Job 100");
            console.page().goBack();
            assertThat(names(console).first()).hasText("Job 150");
            console.find(".pager a", "Newest").click();
            assertThat(names(console).first()).hasText("Job 0");
            assertThat(console.rows()).hasCount(50);
        }
    }

    @Test
    void shouldBringRowsUpToDateInPlaceWhenNobodyReads() {
        view.put(status("s", "1", JobState.QUEUED, now.minusSeconds(20)).build());
        view.put(status("s", "2", JobState.QUEUED, now.minusSeconds(10)).build());
        try (ConsolePage console = open("/#/jobs")) {
            assertThat(names(console)).hasText(new String[] {"Job 2", "Job 1"});
            ElementHandle row = console.rows().nth(1).elementHandle();

            view.put(status("s", "1", JobState.PROCESSING, now).build());
            view.put(status("s", "3", JobState.QUEUED, now.minusSeconds(5)).build());

            assertThat(names(console)).hasText(new String[] {"Job 1", "Job 3", "Job 2"});
            assertThat(console.rows().first().locator(".state")).hasText("Processing");
            assertThat(row.evaluate("row => row === document.querySelector('.livelist tbody tr')")).isEqualTo(true);
        }
    }

    @Test
    void shouldNotMoveRowsUnderAReaderButAnnounceWhatIsNew() {
        for (int i = 0; i < 40; i++) {
            view.put(status("s", Integer.toString(i), JobState.QUEUED, now.minusSeconds(100 + i)).build());
        }
        try (ConsolePage console = open("/#/jobs?state=QUEUED&state=PROCESSING")) {
            assertThat(names(console)).hasCount(40);
            names(console).nth(5).focus();
            List<String> before = names(console).allTextContents();
            double top = console.rows().nth(5).boundingBox().y;

            view.put(status("s", "new", JobState.QUEUED, now).build());
            view.put(status("s", "7", JobState.PROCESSING, now).build());
            view.put(status("s", "8", JobState.FINISHED, now).build());

            assertThat(console.find(".button.new")).hasText("1 new, show");
            assertThat(console.rows().nth(7).locator(".state")).hasText("Processing");
            assertThat(console.rows().nth(8)).hasClass("left");
            assertThat(names(console).allTextContents()).isEqualTo(before);
            assertThat(console.find("a:focus")).hasText("Job 5");
            // The announcement itself takes its place above the list, once.
            assertThat(console.rows().nth(5).boundingBox().y - top).isBetween(0.0, 60.0);

            console.find(".button.new").click();
            assertThat(names(console).nth(0)).hasText("Job 7");
            assertThat(names(console).nth(1)).hasText("Job new");
            assertThat(names(console)).hasCount(40);
            assertThat(console.find(".button.new")).isHidden();
        }
    }

    @Test
    void shouldFindAJobByItsKeyAndJobsByAPartOfTheirNames() {
        String odd = "a/b:c%2F d#é?";
        view.put(status("encoder-eu", odd, JobState.QUEUED, now).setJobName("Bunny").build());
        view.put(status("encoder-eu", "2", JobState.QUEUED, now).setJobName("over/under").build());
        try (ConsolePage console = open("/#/")) {
            console.page().keyboard().press("/");
            assertThat(console.find("#query")).isFocused();
            console.page().keyboard().type("encoder-eu/" + odd);
            console.page().keyboard().press("Enter");
            assertThat(console.find("main h1")).hasText("Bunny");
            assertThat(console.find("#job-key")).hasText("encoder-eu/" + odd);

            console.find("#query").fill("over/under");
            console.page().keyboard().press("Enter");
            assertThat(names(console)).hasText(new String[] {"over/under"});
            console.find("#query").fill("x");
            console.page().keyboard().press("Escape");
            assertThat(console.find("#query")).hasValue("");
            assertThat(console.find("#query")).not().isFocused();
        }
    }

    @Test
    void shouldFindAJobByItsIdWithoutItsSource() {
        String odd = "transform/job-7";
        view.put(status("encoder-eu", "nb:jid:UUID:1", JobState.QUEUED, now).setJobName("Bunny").build());
        view.put(status("ams", odd, JobState.QUEUED, now.minusSeconds(9)).setJobName("Older").build());
        view.put(status("encoder-eu", odd, JobState.QUEUED, now).setJobName("Sintel").build());
        view.put(status("ams", "2", JobState.QUEUED, now).setJobName("nb:jid of a name").build());
        try (ConsolePage console = open("/#/")) {
            search(console, "nb:jid:UUID:1");
            assertThat(console.find("main h1")).hasText("Bunny");
            search(console, odd);
            assertThat(console.find("main h1")).hasText("Sintel");
            search(console, "ams/" + odd);
            assertThat(console.find("main h1")).hasText("Older");
            search(console, "nb:jid");
            assertThat(names(console)).hasText(new String[] {"nb:jid of a name"});
        }
    }

    private static void search(ConsolePage console, String text) {
        console.find("#query").fill(text);
        console.page().keyboard().press("Enter");
    }

    @Test
    void shouldSayLoudlyThatTheViewIsStaleAndThatThereIsNoAnswer() {
        FakeView own = new FakeView();
        own.put(status("s", "1", JobState.QUEUED, now).build());
        try (QueryServer mortal = start(own); ConsolePage console = chromium.open(mortal.url(), "/#/jobs")) {
            assertThat(names(console)).hasCount(1);
            assertThat(console.find("#banner")).isHidden();
            own.setLag(Duration.ofSeconds(95));
            assertThat(console.find("#banner")).containsText("Stale: the view is 1 min 35 s old.");
            assertThat(console.find("#age")).hasText("stale, 1 min 35 s old");
            own.setLag(Duration.ZERO);
            own.setProcessingLag(Duration.ofSeconds(50));
            assertThat(console.find("#banner")).containsText("Stale: events wait to be processed.");
            own.setProcessingLag(Duration.ZERO);
            assertThat(console.find("#banner")).isHidden();
            own.setReady(false);
            assertThat(console.find("#age")).hasText("not ready");
            assertThat(console.find("main [role=alert]")).containsText("the view is being read from the topics");
            assertThat(names(console)).hasCount(1);
            own.setReady(true);
            assertThat(console.find("main [role=alert] .note")).hasCount(0);
        }
    }

    @Test
    void shouldSayThatAJobIsNotKnownAndShowItOnceItIs() {
        try (ConsolePage console = open("/#/jobs/s/later")) {
            assertThat(console.find("main [role=alert]")).containsText("no job s/later is known");
            view.put(status("s", "later", JobState.ERROR, now).setDetailsAvailable(true).build());
            view.put(report("s", "later", now, "Broken").build());
            assertThat(console.find("#report-text")).containsText("Error Code: Broken");
            assertThat(console.find("main [role=alert] .note")).hasCount(0);
        }
    }

    private static ConsolePage open(String path) {
        return chromium.open(server.url(), path);
    }

    private static Locator names(ConsolePage console) {
        return console.find(".livelist tbody a.name");
    }
}
