package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The console in a browser. It is watched the whole time: a dialog, an error of a script, a violation of the policy, or a request to
 * anywhere else fails the test at the end.
 */
public final class ConsolePage implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final String url;
    private final List<String> faults = new CopyOnWriteArrayList<>();

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
