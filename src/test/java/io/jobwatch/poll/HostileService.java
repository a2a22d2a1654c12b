package io.jobwatch.poll;

import static org.awaitility.Awaitility.await;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.source.HostileServer;
import io.jobwatch.source.HostileServer.Connection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A service that speaks ams-v2 over a socket and lists four jobs on two pages. While it is hostile, it is so from the second page on: by
 * then the poller has seen the news of the first. Thread-safe.
 */
final class HostileService implements AutoCloseable {
    static final String TOKEN = "t0ps3cret";
    static final String BAD_ITEM = "{\"Name\":\"without an id\",\"State\":2}";
    private static final List<List<String>> PAGES = List.of(List.of("a", "b"), List.of("c", "d"));

    private final HostileServer server;
    private final HostileServer elsewhere;
    private final AtomicInteger listings = new AtomicInteger();
    private final AtomicInteger strikes = new AtomicInteger();
    private volatile String jobName = "v1";
    private volatile boolean badItem;
    private volatile Optional<Hostility> hostility = Optional.empty();

    HostileService() throws IOException {
        this.server = new HostileServer(this::answer);
        this.elsewhere = HostileServer.status(200, "", "{\"value\":[]}");
    }

    SourceConfig source(String name, Duration interval, Duration deadline) {
        return new SourceConfig(name, "ams-v2", URI.create(server.url() + "/api"), "contoso", Optional.empty(), interval, deadline,
                Duration.ofSeconds(60), new StartFrom.All(), new AuthConfig.Bearer(new Secret(TOKEN)));
    }

    /** Gives all jobs another name. */
    void shows(String name) {
        jobName = name;
    }

    void showsABadItem() {
        badItem = true;
    }

    void turns(Hostility kind) {
        hostility = Optional.of(kind);
    }

    void isWellAgain() {
        boolean refusing = hostility.filter(Hostility.REFUSED::equals).isPresent();
        hostility = Optional.empty();
        if (refusing) {
            await().ignoreExceptions().until(() -> {
                server.listenAgain();
                return true;
            });
        }
    }

    /** {@return how many listings were begun} */
    int listings() {
        return listings.get();
    }

    /** {@return how many requests it was hostile to; those that it refused do not show} */
    int strikes() {
        return strikes.get();
    }

    URI elsewhere() {
        return elsewhere.url();
    }

    /** {@return the heads of the requests that came to where it redirects} */
    List<String> requestsElsewhere() {
        return elsewhere.requests();
    }

    void stopListening() throws IOException {
        server.stopListening();
    }

    private void answer(Connection connection) throws IOException, InterruptedException {
        if (!connection.head().contains("Authorization: Bearer " + TOKEN + "\n")) {
            connection.answer(401, "", "");
            return;
        }
        // In this order: what it shows changes after it turned hostile.
        String shown = jobName;
        Optional<Hostility> now = hostility;
        boolean first = connection.head().contains("$skip=0 ");
        if (first) {
            listings.incrementAndGet();
        }
        // What cannot be reached any more has to be gone before the client asks for the second page.
        boolean early = now.filter(Hostility.REFUSED::equals).isPresent();
        if (now.isPresent() && first == early) {
            strikes.incrementAndGet();
            now.get().strike(this, connection);
        }
        if (now.isEmpty() || first) {
            connection.answer(200, "Content-Type: application/json\r\n", page(first ? 0 : 1, shown));
        }
    }

    /** {@return the page that announces another} */
    String firstPage() {
        return page(0, jobName);
    }

    private String page(int number, String shown) {
        Stream<String> jobs = PAGES.get(number).stream()
                .map(id -> "{\"Id\":\"" + id + "\",\"Name\":\"" + shown + "\",\"State\":2}");
        boolean first = number == 0;
        return Stream.concat(jobs, badItem && !first ? Stream.of(BAD_ITEM) : Stream.empty())
                .collect(Collectors.joining(",", first ? "{\"odata.nextLink\":\"more\",\"value\":[" : "{\"value\":[", "]}"));
    }

    @Override
    public void close() throws IOException {
        server.close();
        elsewhere.close();
    }
}
