package io.jobwatch.poll;

import static io.jobwatch.poll.JobBuilder.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.event.JobState;
import io.jobwatch.topic.TestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a poller while the broker is down. */
class PollerOutageIT {
    private static final Duration LATER = Duration.ofSeconds(90);
    private static final Duration CLOSING = Duration.ofSeconds(20);

    @TempDir
    private Path brokerDir;
    private TestTopics topics;
    private PollerFixture fixture;

    @BeforeEach
    void startBroker(TestInfo test) {
        topics = new TestTopics(brokerDir);
        fixture = new PollerFixture(topics, test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void stopBroker() {
        topics.close();
    }

    @Test
    void shouldLoseAndDoubleNothingWhenTheBrokerComesBack() {
        ScriptedSource service = fixture.source("encoder").shows(job("1", JobState.QUEUED).named("v1"));
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await().atMost(LATER).until(() -> fixture.names("encoder").getOrDefault("1", List.of()).equals(List.of("v1")));
            topics.stopBroker();
            service.shows(job("1", JobState.PROCESSING).named("v2"));
            int lists = service.lists();
            await().atMost(LATER).until(() -> service.lists() > lists);
            topics.startBroker();
            await().atMost(LATER).until(() -> fixture.names("encoder").get("1").contains("v2"));
            service.shows(job("1", JobState.FINISHED).named("v3"));
            await().atMost(LATER).until(() -> fixture.names("encoder").get("1").contains("v3"));
            int before = service.lists();
            await().atMost(LATER).until(() -> service.lists() > before + 3);
        }

        assertThat(fixture.names("encoder").get("1")).containsExactly("v1", "v2", "v3");
        await().atMost(LATER).until(() -> !fixture.threadsLeft());
    }

    @Test
    void shouldLoseAndDoubleNothingWhenTheBrokerIsAwayForLongerThanAnyTimeout() {
        fixture.set("max.block.ms", 1000);
        fixture.set("request.timeout.ms", 1000);
        fixture.set("delivery.timeout.ms", 1500);
        ScriptedSource service = fixture.source("encoder").shows(job("1", JobState.QUEUED).named("v1"));
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await().atMost(LATER).until(() -> fixture.names("encoder").getOrDefault("1", List.of()).equals(List.of("v1")));
            topics.stopBroker();
            service.shows(job("1", JobState.PROCESSING).named("v2"));
            int lists = service.lists();
            // Where the outage strikes decides: the lane is lost, or polls fail one after another.
            await().atMost(LATER).until(() -> service.closed() > 0 || service.lists() > lists + 2);
            topics.startBroker();
            await().atMost(LATER).until(() -> fixture.names("encoder").get("1").contains("v2"));
            service.shows(job("1", JobState.FINISHED).named("v3"));
            await().atMost(LATER).until(() -> fixture.names("encoder").get("1").contains("v3"));
        }

        assertThat(fixture.names("encoder").get("1")).containsExactly("v1", "v2", "v3");
        await().atMost(LATER).until(() -> !fixture.threadsLeft());
    }

    @Test
    void shouldCloseWhileTheBrokerIsDown() {
        ScriptedSource service = fixture.source("encoder").shows(job("1", JobState.QUEUED).named("v1"));
        fixture.source("cluster");
        Poller poller = fixture.poller("one");
        poller.start();
        await().atMost(LATER).until(() -> fixture.events("encoder").size() == 1);
        topics.stopBroker();
        service.shows(job("1", JobState.PROCESSING).named("v2"));
        int lists = service.lists();
        await().atMost(LATER).until(() -> service.lists() > lists);

        Assertions.assertTimeoutPreemptively(CLOSING, poller::close);

        await().atMost(LATER).until(() -> !fixture.threadsLeft());
    }

    @Test
    void shouldCloseThoughTheBrokerWasNeverThere() {
        fixture.source("encoder");
        topics.stopBroker();
        Poller poller = fixture.poller("one");
        poller.start();

        Assertions.assertTimeoutPreemptively(CLOSING, poller::close);

        await().atMost(LATER).until(() -> !fixture.threadsLeft());
    }
}
