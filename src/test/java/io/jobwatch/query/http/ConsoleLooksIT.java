package io.jobwatch.query.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import io.jobwatch.event.JobStatus;
import io.jobwatch.query.FakeView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whether all can read and use the console: on a narrow screen, in the dark, with the keyboard alone, with a screen reader. Leaves pictures
 * in {@code target/screenshots}; {@code -Djobwatch.screenshot=FILE} also writes that of the README, which is
 * {@code ops/console.png}.
 */
@Timeout(120)
class ConsoleLooksIT {
    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final FakeView view = new FakeView();
    private static QueryServer server;
    private static FakeApi api;
    private static JobStatus failed;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(PICTURES);
        server = ConsoleIT.start(view);
        api = new FakeApi(server.url());
        Scene scene = new Scene(Instant.now()).play(view);
        failed = scene.failed(view, api);
        api.streams();
    }

    @AfterAll
    static void stop() {
        api.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(value = ColorScheme.class, names = {"LIGHT", "DARK"})
    void shouldHaveTextThatCanBeReadAgainstItsBackground(ColorScheme scheme) {
        try (ConsolePage console = open("/#/", options(1280).setColorScheme(scheme))) {
            for (String path : pages()) {
                load(console, path);
                assertThat(((List<?>) console.page().evaluate(CONTRASTS)).stream().map(Object::toString))
                        .as("%s: less than 4.5:1", path).isEmpty();
            }
            console.go("/#/");
            assertThat(console.find(".livelist tbody tr")).hasCount(12);
            console.screenshot(PICTURES.resolve("overview-" + scheme.name().toLowerCase() + ".png"), false);
            load(console, pages().get(2));
            console.screenshot(PICTURES.resolve("whole-job-" + scheme.name().toLowerCase() + ".png"), true);
        }
    }

    @Test
    void shouldFitANarrowScreen() {
        try (ConsolePage console = open("/#/", options(360))) {
            for (String path : pages()) {
                load(console, path);
                assertThat(console.page().evaluate("document.documentElement.scrollWidth")).as("width of %s", path).isEqualTo(360);
                console.screenshot(PICTURES.resolve("narrow-" + name(path) + ".png"), false);
            }
        }
    }

    @Test
    void shouldNameEveryControlAndHaveTheLandmarksAndHeads() {
        try (ConsolePage console = open("/#/", options(1280))) {
            for (String path : pages()) {
                load(console, path);
                assertThat(((List<?>) console.page().evaluate(NAMELESS)).stream().map(Object::toString))
                        .as("without a name: %s", path).isEmpty();
                for (String landmark : List.of("header", "nav", "main", "main h1", "[role=search]")) {
                    assertThat(console.find(landmark + ":visible").first()).isAttached();
                }
                assertThat(console.find("main h1")).hasCount(1);
                assertThat(console.find("table:not([aria-label]), th:not([scope])")).hasCount(0);
                assertThat(console.find("time:not([datetime]), time:not([title])")).hasCount(0);
                assertThat(console.find(".state:not(:has(svg))")).hasCount(0);
            }
            // Nothing that counts or ticks is read aloud.
            assertThat(console.find("[aria-live], [role=status], [role=alert]").locator("time")).hasCount(0);
        }
    }

    @Test
    void shouldBeUsableWithTheKeyboardAlone() {
        try (ConsolePage console = open("/#/", options(1280))) {
            assertThat(console.rows()).hasCount(12);
            console.page().keyboard().press("Tab");
            assertThat(console.find(".skip")).isFocused();
            tabTo(console, "#pages a[data-page=jobs]");
            assertThat(outline(console)).isNotEqualTo("none");
            console.page().keyboard().press("Enter");
            assertThat(console.find("main h1")).isFocused();
            tabTo(console, ".chip input[value=ERROR]");
            console.page().keyboard().press("Space");
            assertThat(console.find(".livelist tbody .state", "Finished")).hasCount(0);
            tabTo(console, ".livelist a.name");
            assertThat(outline(console)).isNotEqualTo("none");
            console.page().keyboard().press("Enter");
            assertThat(console.find("#job-key")).isVisible();
            tabTo(console, "summary");
            console.page().keyboard().press("Enter");
            assertThat(console.find("details[open]")).hasCount(1);
        }
    }

    @Test
    void shouldSwitchTimesBetweenUtcAndLocal() {
        try (ConsolePage console = open("/#/jobs/encoder-eu/" + failed.getJobId(), options(1280).setTimezoneId("Asia/Kolkata"))) {
            Locator time = console.find(".timeline time").first();
            assertThat(time).containsText("UTC");
            console.find("#zone").click();
            assertThat(time).containsText("+05:30");
            console.page().reload();
            assertThat(time).containsText("+05:30");
            assertThat(time).hasAttribute("datetime", failed.getHistory().get(0).getOccurredAt().toString());
        }
    }

    @Test
    void shouldLeaveThePictureOfTheReadme() throws Exception {
        try (ConsolePage console = open("/#/", options(1280).setColorScheme(ColorScheme.LIGHT))) {
            for (String path : pages()) {
                load(console, path);
                console.screenshot(PICTURES.resolve(name(path) + ".png"), false);
            }
            load(console, pages().get(2));
            console.find("summary", "Explain").click();
            assertThat(console.find(".explained tbody tr")).hasCount(4);
            console.screenshot(PICTURES.resolve("explain.png"), true);
            load(console, "/#/");
            assertThat(console.find("#age")).containsText("live");
            Path picture = PICTURES.resolve("overview.png");
            console.screenshot(picture, false);
            assertThat(Files.size(picture)).isLessThan(200_000);
            // What has been stuck for half a day is no latest change.
            assertThat(console.find(".livelist .flag")).hasCount(0);
            String wanted = System.getProperty("jobwatch.screenshot");
            if (wanted != null) {
                Files.copy(picture, Path.of(wanted), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static List<String> pages() {
        return List.of("/#/", "/#/jobs", "/#/jobs/encoder-eu/" + failed.getJobId(), "/#/failures", "/#/alerts", "/#/sources");
    }

    private static String name(String path) {
        return path.startsWith("/#/jobs/") ? "job" : path.equals("/#/") ? "overview" : path.substring(3);
    }

    private static void load(ConsolePage console, String path) {
        console.go(path);
        assertThat(console.find("main > div, main > article").last()).isVisible();
        assertThat(console.find("main tbody tr").first()).isVisible();
    }

    private static void tabTo(ConsolePage console, String selector) {
        for (int i = 0; i < 80; i++) {
            console.page().keyboard().press("Tab");
            if (Boolean.TRUE.equals(console.page().evaluate("selector => document.activeElement.matches(selector)", selector))) {
                return;
            }
        }
        throw new AssertionError("the key Tab never leads to " + selector);
    }

    private static String outline(ConsolePage console) {
        return console.page().evaluate("getComputedStyle(document.activeElement).outlineStyle").toString();
    }

    private static ConsolePage open(String path, Browser.NewContextOptions options) {
        return chromium.open(api.url(), path, options);
    }

    private static Browser.NewContextOptions options(int width) {
        return new Browser.NewContextOptions().setViewportSize(width, 800);
    }

    /** Every text whose contrast (WCAG 2) with what is behind it is less than 4.5 to 1. */
    private static final String CONTRASTS = """
            () => {
              const parts = colour => colour.match(/[\\d.]+/g).map(Number);
              const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = element => {
                for (let e = element; e; e = e.parentElement) {
                  const colour = parts(getComputedStyle(e).backgroundColor);
                  if (colour.length < 4 || colour[3] > 0) {
                    return colour;
                  }
                }
                return [255, 255, 255];
              };
              return [...document.querySelectorAll("body *")].filter(e => e.checkVisibility()
                  && [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim())).map(e => {
                const [a, b] = [light(parts(getComputedStyle(e).color)), light(behind(e))];
                return {e, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)};
              }).filter(({ratio}) => ratio < 4.5).map(({e, ratio}) => e.tagName + "." + e.className + " "
                + ratio.toFixed(2) + " " + e.textContent);
            }""";

    /** Every control without a name that a screen reader could say. */
    private static final String NAMELESS = """
            () => [...document.querySelectorAll("a, button, input, select, summary, [tabindex='0']")].filter(e => e.checkVisibility()
              && !(e.getAttribute("aria-label") || e.textContent.trim() || [...(e.labels || [])].some(l => l.textContent.trim())))
              .map(e => e.outerHTML)""";
}
