package io.jobwatch.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.jobwatch.query.http.Chromium;
import io.jobwatch.query.http.ConsolePage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The console of a demo that runs: broker, registry, simulated encoder, topology and view, in a real browser. */
@Timeout(180)
class ConsoleEndToEndIT {
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Pattern CONSOLE = Pattern.compile("console\\s+(http://[^\\s/]+)");

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    @TempDir
    Path folder;

    @Test
    void shouldSeeJobsChangeWithoutLoadingThePageAgain() throws Exception {
        try (JobwatchProcess demo = JobwatchProcess.start(folder.resolve("out"), Map.of(), "demo", "--port", "0",
                "--jobs", "60", "--speed", "3")) {
            demo.awaitOutput("Ctrl-C ends it.", START_WITHIN);
            Matcher printed = CONSOLE.matcher(demo.output());
            assertThat(printed.find()).isTrue();
            try (ConsolePage console = chromium.open(printed.group(1), "/#/")) {
                console.reloadWithOwnClock();
                console.page().evaluate("window.loaded = 'once'");
                assertThat(console.find("#age")).containsText("live");
                Locator running = console.find(".livelist tbody tr").filter(new Locator.FilterOptions().setHas(
                        console.find(".state.QUEUED, .state.SCHEDULED, .state.PROCESSING"))).last();
                assertThat(running).isVisible();
                Locator job = console.find(".livelist tbody tr[data-key='" + running.getAttribute("data-key") + "'] .state");
                assertThat(job).hasText(Pattern.compile("Finished|Error|Canceled"));
                assertThat(console.find(".counts li", "All jobs")).not().hasText("All jobs0");
                console.stopClock();
                console.awaitRequest("/api/v1/summary", 250, 11_000);
                assertThat(console.find("#age")).containsText("live");
                // What comes so soon after that is due to an event.
                console.awaitRequest("/api/v1/summary", 10, 2_000);
                console.page().clock().resume();

                console.find("#pages a", "Jobs").click();
                console.find(".chip", "Error").locator("input").check();
                console.find(".livelist a.name").first().click();
                assertThat(console.find("#report-text")).containsText("The job stopped due to cancellation or an error.");
                assertThat(console.find(".timeline li").last()).containsText("Error");
                assertThat(console.page().evaluate("window.loaded")).isEqualTo("once");
            }
            demo.terminate();
            assertThat(demo.awaitExit(START_WITHIN)).isZero();
        }
    }
}
