package io.jobwatch.query.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.jobwatch.query.Records.alert;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.source;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.StatePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages beside the list, and the token, in a real browser. */
class ConsoleApiIT extends ConsoleFixture {
    @Test
    void shouldTellOfAJobHowItCameThereAndWhyItStopped() {
        JobStatus job = new Scene(now).failed(view, api);
        try (ConsolePage console = open("/#/jobs")) {
            console.find("a.name", job.getJobName()).click();

            assertThat(console.find("main h1")).hasText(job.getJobName());
            assertThat(console.find("main h1")).isFocused();
            assertThat(console.find(".timeline li")).containsText(new String[] {"Queued", "Scheduled", "Processing", "Error",
                "attempt 2 begins", "Queued", "not seen between two looks: Scheduled", "Processing", "Error"});
            assertThat(console.find(".timeline li").nth(1)).containsText("1 min 00 s");
            assertThat(console.find(".timeline li").nth(7)).containsText("36 min 00 s");
            assertThat(console.find("table[aria-label=Tasks] tbody tr").first()).containsText("ErrorDownloadingInputAssetServiceFailure");
            assertThat(console.find(".facts")).containsText("h264-adaptive-4k");
            assertThat(console.find("#report-text")).containsText("The job stopped due to cancellation or an error.");

            console.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
            console.find("button[aria-label='Copy the report']").click();
            assertThat(console.find("button[aria-label='Copy the report']")).hasText("Copied");
            assertThat(console.page().evaluate("navigator.clipboard.readText()").toString())
                    .startsWith("The job stopped").contains(job.getJobId());

            console.find(".attempts a", "1").click();
            assertThat(console.find(".attempts a[aria-current]")).hasText("1");
            console.find("summary", "Raw JSON").click();
            assertThat(console.find("#raw-json")).containsText("\"sequence\": 7");
        }
    }

    @Test
    void shouldExplainEachObservationOnceItIsAsked() {
        JobStatus job = new Scene(now).failed(view, api);
        try (ConsolePage console = open("/#/jobs/encoder-eu/" + job.getJobId())) {
            assertThat(console.find("main h1")).hasText(job.getJobName());
            assertThat(api.asked()).noneMatch(path -> path.endsWith("/explain"));
            console.find("summary", "Explain").click();

            Locator rows = console.find(".explained tbody tr");
            assertThat(rows).hasCount(4);
            assertThat(rows.nth(0)).containsText("partition 3, offset 41007");
            assertThat(rows.nth(0)).containsText("not seen: Scheduled");
            assertThat(rows.nth(0)).containsText("uncertain");
            assertThat(rows.nth(2)).containsText("DroppedBACKWARD");
            assertThat(rows.nth(2)).containsText("stale read");
            assertThat(console.find(".explained .note")).containsText("discovered the job is not in the topic");
        }
    }

    @Test
    void shouldLeadFromACodeToItsFailures() {
        view.put(report("a", "1", now.minusSeconds(5), "Timeout").setJobName("Bunny").build());
        view.put(report("a", "2", now.minusSeconds(50), "Timeout", "Broken").build());
        try (ConsolePage console = open("/#/")) {
            assertThat(console.find(".bars li").first()).containsText("Timeout2");
            console.find(".bars a", "Broken").click();
            assertThat(console.rows()).hasCount(1);
            assertThat(console.rows()).containsText("what went wrong");
            assertThat(console.field("Error code")).hasValue("Broken");
            console.field("Error code").fill("");
            console.field("Failed within").selectOption("24h");
            assertThat(console.rows()).hasCount(2);
            assertThat(console.rows().first()).containsText("Bunny");
            assertThat(api.asked()).contains("/api/v1/failures?limit=50&since=24h");
        }
    }

    @Test
    void shouldShowAlertsAndSourcesInTrouble() {
        new Scene(now).play(view);
        try (ConsolePage console = open("/#/")) {
            assertThat(console.find(".trouble-list")).containsText("Stuck");
            assertThat(console.find(".trouble-list")).containsText("17 polls failed in a row: https://render.example.net answered 503");
            console.find(".trouble-list a", "all alerts").click();
            assertThat(console.rows()).hasCount(2);
            assertThat(console.rows().nth(0)).containsText("Source down");
            console.field("Kind").selectOption("STUCK");
            assertThat(console.rows()).hasCount(1);
            console.field("Show").selectOption("false");
            assertThat(console.find(".livelist .empty")).hasText("There is no such alert.");
            console.find("#pages a", "Sources").click();
            Locator sources = console.find("table[aria-label=Sources] tbody tr");
            assertThat(sources).hasCount(3);
            assertThat(sources.nth(0)).containsText("Healthy");
            assertThat(sources.nth(2)).containsText("17 polls failed in a row");
        }
    }

    @Test
    void shouldNotTellOfAHealthySourceAsIfItsPollWereLate() {
        view.put(source("encoder-eu").setUpdatedAt(now.minusSeconds(25)).setLastPollAt(now.minusSeconds(25)).setPollIntervalMillis(8_000)
                .setLastSuccessAt(now.minusSeconds(25)).setNextPollAt(now.minusSeconds(17)).setOwner("jobwatch-7f9c5d8b6-" + "x".repeat(40))
                .build());
        view.put(source("later").setUpdatedAt(now).setLastPollAt(now).setLastSuccessAt(now).setNextPollAt(now.plusSeconds(3_700)).build());
        try (ConsolePage console = open("/#/sources")) {
            Locator sources = console.find("table[aria-label=Sources] tbody tr");
            assertThat(sources.nth(0)).containsText("Healthy");
            assertThat(sources.nth(0).locator("td[data-label='Next poll']")).hasText(Pattern.compile("due *told \\d+ s ago"));
            assertThat(sources.nth(1).locator("td[data-label='Next poll']")).containsText("in 1 h");
            assertThat(sources.nth(0).locator("td[data-label=Owner] > *").evaluate("owner => owner.scrollHeight <= owner.clientHeight"))
                    .as("the whole owner can be read").isEqualTo(true);
        }
    }

    @Test
    void shouldSayOnTheOverviewWhatItLeavesOut() {
        for (int i = 0; i < 9; i++) {
            view.put(alert("s", "job-" + i, AlertKind.STUCK, true, now.minusSeconds(i)).build());
        }
        for (char name = 'a'; name <= 'n'; name++) {
            view.put(source("source-" + name).setUpdatedAt(now).setLastSuccessAt(now).setFailuresInRow(name == 'n' ? 3 : 0).build());
        }
        try (ConsolePage console = open("/#/")) {
            assertThat(console.find(".trouble-list .lines").first().locator("li")).hasCount(6);
            assertThat(console.find(".trouble-list a", "3 more alerts")).hasAttribute("href", "#/alerts");
            Locator sources = console.find("table[aria-label=Sources] tbody tr");
            assertThat(sources).hasCount(12);
            assertThat(sources.nth(0)).containsText(Pattern.compile("source-n *In trouble"));
            assertThat(sources.nth(1)).containsText("source-a");
            console.find("a", "2 more sources").click();
            assertThat(sources).hasCount(14);
        }
    }

    @Test
    void shouldFindTheAlertsOfAJobBehindManyOfItsSource() {
        view.put(status("s", "1", JobState.PROCESSING, now.minusSeconds(90_000)).setStuckAlertedAt(now.minusSeconds(50_000)).build());
        view.put(alert("s", "1", AlertKind.STUCK, true, now.minusSeconds(50_000)).build());
        view.put(alert("s", "1", AlertKind.LOST, false, now.minusSeconds(60_000)).build());
        for (int i = 0; i < 700; i++) {
            view.put(alert("s", "other-" + i, AlertKind.STUCK, i == 0, now.minusSeconds(i)).build());
            view.put(alert("s", "older-" + i, AlertKind.STUCK, false, now.minusSeconds(100_000 + i)).build());
        }
        try (ConsolePage console = open("/#/jobs/s/1")) {
            Locator alerts = console.find("table[aria-label=Alerts] tbody tr");
            assertThat(alerts).hasCount(2);
            assertThat(alerts.nth(0)).containsText("Stuck");
            assertThat(alerts.nth(1)).containsText("Lost (ended)");
            assertThat(api.asked().stream().filter(path -> path.startsWith("/api/v1/alerts"))).hasSize(3);
        }
    }

    @Test
    void shouldDoWithoutEndpointsThatAreNotThere() {
        view.put(status("s", "1", JobState.ERROR, now).build());
        view.put(report("s", "1", now, "Broken").build());
        for (String missing : List.of("failures", "alerts", "jobs/s/1/explain")) {
            api.answer("/api/v1/" + missing, context -> {
                throw Problem.of(404, "there is nothing at this path");
            });
        }
        try (ConsolePage console = open("/#/")) {
            assertThat(console.rows()).hasCount(1);
            assertThat(console.find(".trouble-list")).containsText("No source has been polled yet.");
            console.find("#pages a", "Alerts").click();
            assertThat(console.find("main")).containsText("This jobwatch does not list alerts.");
            console.find("#pages a", "Failures").click();
            assertThat(console.find("main")).containsText("This jobwatch does not list failures");
            console.find(".empty a").click();
            console.find("a.name", "Job 1").click();
            assertThat(console.find("#report-text")).containsText("Broken");
            console.find("summary", "Explain").click();
            assertThat(console.find(".explained")).containsText("There is no explanation of this job here.");
        }
    }

    @Test
    void shouldAskForATokenAndKeepItForTheTabAlone() {
        view.put(status("s", "1", JobState.QUEUED, now).build());
        api.requireToken("s3cret-token");
        api.streams();
        try (ConsolePage console = open("/#/jobs")) {
            assertThat(console.field("Token")).isFocused();
            assertThat(console.find("main")).isHidden();
            console.page().keyboard().type("wrong");
            console.page().keyboard().press("Enter");
            assertThat(console.find("#signin [role=alert]")).hasText("This token is not accepted.");
            console.page().keyboard().type("s3cret-token");
            console.page().keyboard().press("Enter");

            assertThat(console.rows()).hasCount(1);
            assertThat(console.find("#age")).containsText("live");
            assertThat(console.find("#signin")).isHidden();
            console.page().reload();
            assertThat(console.rows()).hasCount(1);
            assertThat(console.page().evaluate("JSON.stringify(localStorage) + document.cookie + location.href + history.state").toString())
                    .doesNotContain("s3cret");

            console.find("#signout").click();
            assertThat(console.field("Token")).isFocused();
            assertThat(console.rows()).hasCount(0);
            assertThat(console.page().evaluate("JSON.stringify(sessionStorage)").toString()).isEqualTo("{}");
            assertThat(api.asked()).noneMatch(path -> path.contains("s3cret"));
        }
    }

    @Test
    void shouldKnowTheSameSkippedStatesAsTheTopology() {
        List<String> expected = new ArrayList<>();
        List<Map<String, String>> cases = new ArrayList<>();
        for (String type : List.of("ams-v2", "slurm", "kubernetes", "mediaconvert", "http-json")) {
            for (JobState from : JobState.values()) {
                for (JobState to : JobState.values()) {
                    cases.add(Map.of("type", type, "from", from.name(), "to", to.name()));
                    expected.add(String.join(" ", StatePath.skipped(type, from, to).stream().map(JobState::name).toList()));
                }
            }
        }
        try (ConsolePage console = open("/#/")) {
            Object found = console.page().evaluate("cases => import('/console/states.js').then(states => cases.map("
                    + "c => states.skipped(c.type, null, c.from, c.to).join(' ')).concat(states.skipped('http-json', 'QUEUED FINISHED', "
                    + "'QUEUED', 'FINISHED').length))", cases);
            expected.add("0");
            assertThat(((List<?>) found).stream().map(Object::toString).toList()).isEqualTo(expected);
            assertThat(Arrays.stream(JobState.values()).map(JobState::name).toList()).containsExactlyInAnyOrderElementsOf(
                    ((List<?>) console.page().evaluate("import('/console/states.js').then(states => states.STATES)")).stream()
                            .map(Object::toString)                            .toList());
        }
    }
}
