package io.jobwatch.query.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.query.FakeView;
import java.time.Instant;
import java.util.List;
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
