package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The console in a browser. It is watched the whole time: a dialog, an error of a script, a violation of the policy, or a request to
 * anywhere else fails the test at the end.
 */
public final class ConsolePage implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final String url;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    ConsolePage(BrowserContext context, String url, double waitMillis) {
        this.context = context;
        this.url = url;
        context.setDefaultTimeout(waitMillis);
        context.addInitScript("addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' '"
                + " + e.blockedURI))");
        page = context.newPage();
        page.onDialog(dialog -> {
            faults.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onPageError(error -> faults.add("error: " + error));
        page.onConsoleMessage(this::heard);
        page.onRequest(request -> {
            requests.add(request.url());
            if (!request.url().startsWith(url + "/")) {
                faults.add("request: " + request.url());
            }
        });
        page.onPopup(popup -> faults.add("popup: " + popup.url()));
    }

    public Page page() {
        return page;
    }

    public void go(String path) {
        page.navigate(url + path);
    }

    public Locator find(String selector) {
        return page.locator(selector);
    }

    /** {@return the elements that hold the text} */
    public Locator find(String selector, String text) {
        return page.locator(selector, new Page.LocatorOptions().setHasText(text));
    }

    /** {@return the field with the label} */
    public Locator field(String label) {
        return page.locator("label:has(> span:text-is(\"" + label + "\")) > :is(input, select)");
    }

    /** {@return the rows of the list of the page} */
    public Locator rows() {
        return page.locator(".livelist tbody tr");
    }

    /** {@return what follows # in the address} */
    public String hash() {
        return page.evaluate("location.hash").toString();
    }

    /** Loads the page again, with a clock that can be stopped. */
    public void reloadWithOwnClock() {
        page.clock().install();
        page.reload();
    }

    /** The clock of the page stands from now on, and moves only when it is told to: nothing is polled. */
    public void stopClock() {
        page.clock().pauseAt(Instant.now().plusSeconds(2).toEpochMilli());
    }

    /** {@return how often the page has asked for a path that begins so} */
    public int asked(String path) {
        page.evaluate("0"); // what happened before is heard before the answer
        return (int) requests.stream().filter(request -> request.startsWith(url + path)).count();
    }

    /** Moves the stopped clock on in steps, but not by more than a limit in all, until the page asks for a path that begins so. */
    public void awaitRequest(String path, int stepMillis, int mostMillis) {
        int before = asked(path);
        AtomicInteger moved = new AtomicInteger();
        await().pollInSameThread().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(30)).until(() -> {
            if (moved.getAndAdd(stepMillis) < mostMillis) {
                page.clock().runFor(stepMillis);
            }
            return asked(path) > before;
        });
    }

    public void screenshot(Path file, boolean fullPage) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(fullPage));
    }

    /** What the browser says of answers that are no 200 belongs to tests of such answers. */
    private void heard(ConsoleMessage message) {
        boolean ofApi = message.text().startsWith("Failed to load resource") && message.location().startsWith(url + "/api/");
        if ((message.type().equals("error") || message.type().equals("warning")) && !ofApi) {
            faults.add("console: " + message.text());
        }
    }

    @Override
    public void close() {
        context.close();
        assertThat(faults).as("what went wrong in the browser").isEmpty();
    }
}
