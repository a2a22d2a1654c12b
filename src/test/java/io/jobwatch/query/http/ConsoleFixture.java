package io.jobwatch.query.http;

import io.jobwatch.query.FakeView;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console in a real browser, of a server whose view and whose other answers each test sets. */
@Timeout(120)
abstract class ConsoleFixture {
    @RegisterExtension
    static final Chromium chromium = new Chromium();

    static final FakeView view = new FakeView();
    static QueryServer server;
    static FakeApi api;

    final Instant now = Instant.now();

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

    static ConsolePage open(String path) {
        return chromium.open(api.url(), path);
    }
}
