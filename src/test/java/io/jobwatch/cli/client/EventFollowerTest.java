package io.jobwatch.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.source.FakeService;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventFollowerTest {
    private static final Target EVENTS = Target.of("events");

    private final List<String> heard = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private EventsServer server;
    private int enough;

    @BeforeEach
    void start() throws Exception {
        server = new EventsServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldGoOnAfterTheLastEventThatWasWhole() throws Exception {
        server.events("id: 0\n\nid: 1\ndata: a\n\n: alive\n\nid: 2\ndata: b\n\nid: 3\ndata: cut off");
        server.eventsAndStay("id: 3\ndata: c\n\n");

        follow(3, Duration.ofSeconds(30));

        assertThat(heard).containsExactly("a", "b", "lost", "found", "c");
        assertThat(server.asked()).extracting(EventsServer.Asked::lastId).containsExactly(null, "2");
    }

    @Test
    void shouldHaveAPositionBeforeTheFirstEvent() throws Exception {
        server.events("id: start\n\n");
        server.eventsAndStay("data: a\n\n");

        follow(1, Duration.ofSeconds(30));

        assertThat(server.asked()).extracting(EventsServer.Asked::lastId).containsExactly(null, "start");
    }

    @Test
    void shouldConnectAgainWhenTheStreamIsSilent() throws Exception {
        server.eventsAndStay("id: 1\ndata: a\n\n");
        server.eventsAndStay("id: 2\ndata: b\n\n");

        follow(2, Duration.ofMillis(300));

        assertThat(heard).containsExactly("a", "lost", "found", "b");
    }

    @Test
    void shouldWaitLongerEachTimeUntilSomethingCame() throws Exception {
        server.events("data: a\n\n");
        server.problem(500, "no").problem(502, "no").events("");
        server.events("data: b\n\n").eventsAndStay("data: c\n\n");

        follow(3, Duration.ofSeconds(30));

        assertThat(pauses).extracting(Duration::toMillis).containsExactly(375L, 750L, 1_500L, 3_000L, 375L);
    }

    @Test
    void shouldWaitAsLongAsTheStreamAskedFor() throws Exception {
        server.events("retry: 4000\ndata: a\n\n");
        server.eventsAndStay("data: b\n\n");

        follow(2, Duration.ofSeconds(30));

        assertThat(pauses).containsExactly(Duration.ofMillis(3_000));
    }

    @Test
    void shouldGiveUpWhereTheServerRefuses() {
        server.events("data: a\n\n");
        server.problem(401, "a token is needed");

        assertThatThrownBy(() -> follow(2, Duration.ofSeconds(30))).isInstanceOf(ClientException.class).hasMessageContaining("token");
        assertThat(heard).containsExactly("a", "lost");
    }

    @Test
    void shouldBeginAnewWhereItsPositionIsOfATopicThatWasReplaced() throws Exception {
        server.events("id: 7\ndata: a\n\n").problem(400, "no position of this stream").problem(500, "the answer failed");
        server.events("data: b\n\n").eventsAndStay("data: c\n\n");

        follow(3, Duration.ofSeconds(30));

        assertThat(heard).containsExactly("a", "lost", "forgotten: no position of this stream", "lost", "found", "b", "lost", "found", "c");
        assertThat(server.asked()).extracting(EventsServer.Asked::lastId).containsExactly(null, "7", null, null, null);
    }

    @Test
    void shouldGiveUpWhereItIsNotThePositionThatIsWrong() {
        server.events("id: 7\ndata: a\n\n").problem(400, "the parameter state is wrong").problem(400, "the parameter state is wrong");

        assertThatThrownBy(() -> follow(2, Duration.ofSeconds(30))).isInstanceOf(ClientException.class)
                .hasMessageContaining("the parameter state is wrong");
    }

    @Test
    void shouldFailAtOnceWhereThereIsNoStreamAtFirst() {
        server.problem(500, "the answer failed");

        assertThatThrownBy(() -> follow(1, Duration.ofSeconds(30))).isInstanceOf(ClientException.class)
                .hasMessageContaining("the answer failed");
        assertThat(pauses).isEmpty();
    }

    @Test
    void shouldNotTakeAPageForAStream() throws Exception {
        try (FakeService page = new FakeService(
                request -> FakeService.Reply.json("{}").with("X-Jobwatch-View-Lag", "0"))) {
            QueryClient client = client(new Endpoint(page.url(), Optional.empty(), Optional.empty()));

            assertThatThrownBy(() -> client.events(EVENTS, "")).isInstanceOf(ClientException.class).hasMessageContaining("not jobwatch");
        }
    }

    private void follow(int events, Duration silence) throws InterruptedException {
        enough = events;
        QueryClient client = client(new Endpoint(server.url(), Optional.empty(), Optional.empty()));
        new EventFollower(lastId -> client.events(EVENTS, lastId), silence, pauses::add, () -> 0.5).follow(new EventFollower.Listener() {
            @Override
            public boolean event(ServerEvent event) {
                heard.add(event.data());
                return --enough > 0;
            }

            @Override
            public void lost(String why, Duration pause) {
                heard.add("lost");
            }

            @Override
            public void found() {
                heard.add("found");
            }

            @Override
            public void forgotten(String why) {
                heard.add("forgotten: " + why);
            }
        });
    }

    private static QueryClient client(Endpoint endpoint) {
        return new QueryClient(endpoint, Duration.ofSeconds(20), news -> { }, time -> { }, InstantSource.system());
    }
}
