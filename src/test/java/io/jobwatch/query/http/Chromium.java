package io.jobwatch.query.http;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import io.jobwatch.MachineNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lends one headless Chromium, that of the system, to all tests of a run. Where there is none, the tests skip themselves, unless
 * {@code JOBWATCH_REQUIRE_CHROMIUM=true} is in the environment: then its absence is a failure. For one thread.
 */
public final class Chromium implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"),
            Path.of("/usr/bin/google-chrome"));
    private static final double WAIT_MILLIS = 30_000;

    private final MachineNetworks networks = new MachineNetworks.Stay();
    private Running running;

    /** The browser and what drives it; JUnit closes it after the last test. */
    private record Running(Playwright playwright, Browser browser, String unavailable) implements AutoCloseable {

        private static Running start() {
            return PLACES.stream().filter(Files::isExecutable).findFirst().map(Running::start)
                    .orElseGet(() -> new Running(null, null, "there is no Chromium at any of " + PLACES));
        }

        private static Running start(Path executable) {
            Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            try {
                Browser browser = playwright.chromium().launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable).setArgs(List.of(
                        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                        "--disable-component-update", "--disable-sync")));
                PlaywrightAssertions.setDefaultAssertionTimeout(WAIT_MILLIS);
                return new Running(playwright, browser, null);
            } catch (PlaywrightException e) {
                playwright.close();
                return new Running(null, null, executable + " does not start: " + e.getMessage());
            }
        }

        @Override
        public void close() {
            if (playwright != null) {
                playwright.close();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        networks.beforeAll(context);
        running = context.getRoot().getStore(ExtensionContext.Namespace.create(Chromium.class))
                .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class);
        if (running.unavailable() != null && "true".equals(System.getenv("JOBWATCH_REQUIRE_CHROMIUM"))) {
            throw new IllegalStateException("JOBWATCH_REQUIRE_CHROMIUM=true, but " + running.unavailable());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        networks.afterAll(context);
    }

    /** Here and not before all: a class that is given up as a whole is not counted as skipped. */
    @Override
    public void beforeEach(ExtensionContext context) {
        Assumptions.assumeTrue(running.unavailable() == null, running.unavailable());
    }

    /** Opens the console in a fresh profile, 1280 pixels wide; the path begins with a slash and may end in {@code #…}. */
    public ConsolePage open(String url, String path) {
        return open(url, path, new Browser.NewContextOptions());
    }

    /** Opens the console as a browser with other settings does. */
    public ConsolePage open(String url, String path, Browser.NewContextOptions options) {
        ConsolePage console = new ConsolePage(running.browser().newContext(options.setReducedMotion(
                ReducedMotion.REDUCE)), url, WAIT_MILLIS);
        console.go(path);
        return console;
    }
}
