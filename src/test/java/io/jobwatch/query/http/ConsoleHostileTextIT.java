package io.jobwatch.query.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.Task;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.Records;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a service says is a text: in each field of each page, texts that would like to be something else. */
@Timeout(120)
class ConsoleHostileTextIT {
    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private static final String MARKUP = "<img src=x onerror=\"window.hacked=1;alert(1)\"><script>window.hacked=1</script>";
    private static final String TEMPLATE = "${window.hacked=1}{{constructor.constructor('window.hacked=1')()}}";
    private static final String SCRIPT_URL = "javascript:window.hacked=1//";
    private static final String ELSEWHERE = "https://elsewhere.example/x?\"><iframe src=https://elsewhere.example/>";
    private static final String TURNED = "invoice\u202Efdp.exe";
    private static final String UNSEEN = "ad\u200Bmin\u2066\u0007\u200Dx";
    private static final String LONG = "x".repeat(2_000);
    private static final String PROTOTYPE = "__proto__";
    private static final String HALF = "\" onmouseover=\"window.hacked=1\" x='";
    private static final List<String> TEXTS = List.of(MARKUP, TEMPLATE, SCRIPT_URL, ELSEWHERE, TURNED, UNSEEN, LONG, PROTOTYPE, HALF,
            "constructor", "..", "%", "</script><!--", "a\r\nb");

    private static final FakeView view = new FakeView();
    private static QueryServer server;
    private static FakeApi api;

    @BeforeAll
    static void start() {
        server = ConsoleIT.start(view);
        api = new FakeApi(server.url());
        Instant now = Instant.now();
        for (int i = 0; i < TEXTS.size(); i++) {
            JobStatus job = hostile(TEXTS.get(i), i, now.minusSeconds(i));
            view.put(job);
            view.put(failure(job));
            view.put(Records.source(job.getSource()).setSourceType(TEXTS.get(i)).setAccount(TEXTS.get(i)).setLocation(TEXTS.get(i))
                    .setUpdatedAt(now).setFailuresInRow(1).setFailure(TEXTS.get(i)).setOwner(TEXTS.get(i)).build());
            view.put(JobAlert.newBuilder().setSource(TEXTS.get(i)).setJobId(TEXTS.get(i)).setJobName(TEXTS.get(i)).setKind(AlertKind.LOST)
                    .setState(JobState.ERROR).setSince(now).setDetectedAt(now).setMessage(TEXTS.get(i)).build());
        }
    }

    @AfterAll
    static void stop() {
        api.close();
        server.close();
    }

    /** Dialogs, requests to elsewhere, violations of the policy and errors of scripts fail the test when the page is closed. */
    @Test
    void shouldShowEveryTextAsText() {
        try (ConsolePage console = open("/#/", 1280)) {
            for (String path : List.of("/#/", "/#/jobs", "/#/failures", "/#/alerts", "/#/sources")) {
                console.go(path);
                assertThat(console.find("main tbody tr").first()).isVisible();
                assertThat(console.find("main")).containsText(MARKUP);
                assertThat(console.find("main")).containsText("invoiceU+202Efdp.exe");
                assertThat(console.find("main")).containsText("adU+200BminU+2066U+0007U+200Dx");
                requireNothingMade(console);
            }
            for (int i = 0; i < TEXTS.size(); i++) {
                if (TEXTS.get(i).equals("..")) {
                    continue;
                }
                console.go("/#/jobs/" + encode(TEXTS.get(i)) + "/" + encode(TEXTS.get(i)));
                assertThat(console.find("#report-text")).containsText("Error Code");
                assertThat(console.find(".facts dt", "__proto__")).isVisible();
                requireNothingMade(console);
            }
            console.go("/#/jobs/s/..");
            assertThat(console.find("main [role=alert]")).containsText("No browser can ask for a job whose id is “..”");
        }
    }

    @Test
    void shouldCopyTheTextThatIsMeantNotTheOneThatIsShown() {
        try (ConsolePage console = open("/#/jobs/" + encode(UNSEEN) + "/" + encode(UNSEEN), 1280)) {
            assertThat(console.find("#job-key")).containsText("adU+200Bmin");
            console.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
            console.find("button[aria-label='Copy the key']").click();
            assertThat(console.find("button[aria-label='Copy the key']")).hasText("Copied");
            assertThat(console.page().evaluate("navigator.clipboard.readText()")).isEqualTo(UNSEEN + "/" + UNSEEN);
        }
    }

    @Test
    void shouldNotBeWidenedByLongWords() {
        try (ConsolePage console = open("/#/", 360)) {
            for (String path : List.of("/#/", "/#/jobs", "/#/failures", "/#/alerts", "/#/sources", "/#/jobs/" + LONG + "/" + LONG)) {
                console.go(path);
                assertThat(console.find("main tbody tr").first()).isVisible();
                assertThat(console.page().evaluate("document.documentElement.scrollWidth"))
                        .as(path.substring(0, Math.min(20, path.length())))
                        .isEqualTo(360);
            }
        }
    }

    private static void requireNothingMade(ConsolePage console) {
        assertThat(console.page().evaluate("window.hacked === undefined && ({}).hacked === undefined")).isEqualTo(true);
        assertThat(console.find("img, iframe, object, embed, base, script:not([src='/console/main.js']), [style], main form")).hasCount(0);
        assertThat(console.find("a:not([href^='#/']):not([href='#main'])")).hasCount(0);
        Object listeners = console.page().evaluate(
                "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith('on')).length");
        assertThat(listeners).isEqualTo(0);
    }

    /** Sources have good names only; a broken instance might still say otherwise. */
    private static JobStatus hostile(String text, int i, Instant at) {
        return Records.status(text, text, JobState.ERROR, at).setJobName(i % 2 == 0 ? text : null).setAccount(text).setLocation(text)
                .setSourceType(text).setNativeState(text).setNativeReason(text).setTasks(List.of(task(text))).setDetailsAvailable(true)
                .setAttributes(text.equals(PROTOTYPE) ? Map.of(text, text) : Map.of(text, text, PROTOTYPE, text)).build();
    }

    private static JobErrorReport failure(JobStatus job) {
        return JobErrorReport.newBuilder().setSource(job.getSource()).setSourceType(job.getSourceType()).setAccount(job.getAccount())
                .setJobId(job.getJobId()).setJobName(job.getJobName()).setState(JobState.ERROR).setObservedAt(job.getChangedAt())
                .setDetailsAvailable(true).setTasks(job.getTasks()).build();
    }

    private static Task task(String text) {
        return Task.newBuilder().setTaskId(text).setName(text).setState(JobState.ERROR).setNativeState(text)
                .setErrors(List.of(new ErrorDetail(text, text))).build();
    }

    private static ConsolePage open(String path, int width) {
        return chromium.open(api.url(), path, new Browser.NewContextOptions().setViewportSize(width, 800));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
