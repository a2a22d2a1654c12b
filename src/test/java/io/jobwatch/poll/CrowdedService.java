package io.jobwatch.poll;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.source.HostileServer;
import io.jobwatch.source.HostileServer.Connection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A service that speaks ams-v2 over a socket and lists very many jobs, a thousand a page. Thread-safe. */
final class CrowdedService implements AutoCloseable {
    private static final int PAGE = 1000;
    private static final Pattern SKIP = Pattern.compile("skip=(\\d+) ");

    private final HostileServer server = new HostileServer(this::answer);
    private final AtomicInteger listings = new AtomicInteger();
    private volatile int jobs;
    private volatile String renamed = "v1";
    private volatile boolean failing;

    CrowdedService(int jobs) throws IOException {
        this.jobs = jobs;
    }

    SourceConfig source(String name, Duration interval) {
        return new SourceConfig(name, "ams-v2", URI.create(server.url() + "/api"), "contoso", Optional.empty(), interval,
                Duration.ofSeconds(30), Duration.ofSeconds(60), new StartFrom.All(), new AuthConfig.None());
    }

    void grows(int toJobs) {
        jobs = toJobs;
    }

    /** Gives every hundredth job another name. */
    void renamesEachHundredth(String name) {
        renamed = name;
    }

    boolean isRenamed(String jobId) {
        return Integer.parseInt(jobId) % 100 == 0;
    }

    void failsOnTheLastPage(boolean fails) {
        failing = fails;
    }

    /** {@return how many listings were begun} */
    int listings() {
        return listings.get();
    }

    private void answer(Connection connection) throws IOException {
        Matcher skip = SKIP.matcher(connection.head());
        int from = skip.find() ? Integer.parseInt(skip.group(1)) : 0;
        if (from == 0) {
            listings.incrementAndGet();
        }
        int to = Math.min(jobs, from + PAGE);
        if (failing && to == jobs) {
            connection.answer(500, "", "");
        } else {
            connection.answer(200, "Content-Type: application/json\r\n", page(from, to));
        }
    }

    private String page(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(job -> "{\"Id\":\"" + job + "\",\"Name\":\"" + (job % 100 == 0 ? renamed : "v1") + "\",\"State\":2}")
                .collect(Collectors.joining(",", "{\"value\":[", "]}"));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
