package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.RequestLimit;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.SourceOptions;
import io.jobwatch.config.StartFrom;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits and pauses as the requests of sources meet them, over real sockets; only the time they wait by is not real. */
@Timeout(60)
class RequestLimitsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final LeapingTicker ticker = new LeapingTicker();
    private final List<String> waits = new ArrayList<>();

    @Test
    void shouldSpaceTheRequestsOfASource() throws Exception {
        try (HostileServer server = HostileServer.status(200, "", "{}")) {
            SourceConfig source = source("a", server.url(), Optional.of(new RequestLimit(0.01, false)));
            ask(limits(source), source, 3);

            assertThat(server.requests()).hasSize(3);
            assertThat(waits).containsExactly("a 0", "a 100", "a 100");
        }
    }

    @Test
    void shouldShareTheLowestLimitAmongTheSourcesOfAHostThatSaySo() throws Exception {
        try (HostileServer server = HostileServer.status(200, "", "{}"); HostileServer other = HostileServer.status(200, "", "{}")) {
            SourceConfig slow = source("slow", server.url(), Optional.of(new RequestLimit(0.1, true)));
            SourceConfig fast = source("fast", URI.create(server.url() + "/v2"), Optional.of(new RequestLimit(0.5, true)));
            SourceConfig own = source("own", server.url(), Optional.of(new RequestLimit(0.5, false)));
            SourceConfig elsewhere = source("elsewhere", other.url(), Optional.of(new RequestLimit(0.5, true)));
            RequestLimits limits = limits(fast, slow, own, elsewhere);
            ask(limits, fast, 1);
            ask(limits, own, 1);
            ask(limits, elsewhere, 1);
            ask(limits, slow, 1);
            ask(limits, fast, 1);

            assertThat(waits).containsExactly("fast 0", "own 0", "elsewhere 0", "slow 10", "fast 10");
        }
    }

    @Test
    void shouldTakeAnAddressWithAndWithoutItsPortForTheSameHost() {
        SourceConfig one = source("one", URI.create("https://Media.example.com/a"), Optional.of(new RequestLimit(0.1, true)));
        SourceConfig two = source("two", URI.create("https://media.example.com:443/b"), Optional.of(new RequestLimit(0.1, true)));
        RequestLimits limits = limits(one, two);

        assertThatThrownBy(() -> {
            limits.gate(one).heed(busy("60"));
            limits.gate(two).pass();
        }).isInstanceOf(SourceException.class).hasMessageStartingWith("media.example.com:443 wants to be left alone for another 60 s");
    }

    @Test
    void shouldNotBeginWithAFullBucketWhenASourceIsMadeAnew() throws Exception {
        try (HostileServer server = HostileServer.status(200, "", "{}")) {
            SourceConfig source = source("a", server.url(), Optional.of(new RequestLimit(0.1, false)));
            RequestLimits limits = limits(source);
            ask(limits, source, 1);
            ask(limits, source, 1);

            assertThat(waits).containsExactly("a 0", "a 10");
        }
    }

    @Test
    void shouldAskNothingMoreOfASharedHostThatWantsToBeLeftAlone() throws Exception {
        try (HostileServer server = HostileServer.status(429, "Retry-After: 120\r\n", "")) {
            Optional<RequestLimit> shared = Optional.of(new RequestLimit(100, true));
            SourceConfig one = source("one", server.url(), shared);
            SourceConfig two = source("two", server.url(), shared);
            SourceConfig apart = source("apart", server.url(), Optional.empty());
            RequestLimits limits = limits(one, two, apart);
            ask(limits, one, 1);

            assertThatThrownBy(() -> ask(limits, two, 1)).isInstanceOf(SourceException.class)
                    .extracting(failure -> ((SourceException) failure).retryAfter()).isEqualTo(Optional.of(Duration.ofSeconds(120)));
            assertThatThrownBy(() -> ask(limits, one, 1)).isInstanceOf(SourceException.class);
            assertThat(server.requests()).hasSize(1);
            ask(limits, apart, 1);
            assertThat(server.requests()).as("a source that shares nothing").hasSize(2);
            ticker.advance(Duration.ofSeconds(120));
            ask(limits, two, 1);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void shouldHeedOnlyThePausesOfAServiceThatIsBusy() throws Exception {
        for (int status : List.of(200, 500, 502)) {
            try (HostileServer server = HostileServer.status(status, "Retry-After: 120\r\n", "{}")) {
                SourceConfig source = source("a", server.url(), Optional.empty());
                ask(limits(source), source, 2);
                assertThat(server.requests()).as("HTTP " + status).hasSize(2);
            }
        }
        try (HostileServer server = HostileServer.status(503, "", "")) {
            SourceConfig source = source("a", server.url(), Optional.empty());
            ask(limits(source), source, 2);
            assertThat(server.requests()).as("without Retry-After").hasSize(2);
        }
    }

    @Test
    void shouldTellOfEachRequestHowItEnded() throws Exception {
        List<String> ended = new ArrayList<>();
        RequestLimits.Watcher watcher = new RequestLimits.Watcher() {
            @Override
            public void waited(String source, Duration wait) {
                ended.add("waited");
            }

            @Override
            public void ended(String source, OptionalInt status, Duration took) {
                ended.add(source + " " + status);
            }
        };
        SourceConfig source;
        try (HostileServer service = HostileServer.status(503, "", "{}")) {
            source = source("a", service.url(), Optional.empty());
            try (HttpExchange exchange = new HttpExchange(source, Clock.systemUTC(), new RequestLimits(List.of(source), watcher))) {
                exchange.get(service.url(), Map.of());
            }
        }
        try (HttpExchange exchange = new HttpExchange(source, Clock.systemUTC(), new RequestLimits(List.of(source), watcher))) {
            assertThatThrownBy(() -> exchange.get(source.url(), Map.of())).isInstanceOf(SourceException.class);
        }

        assertThat(ended).containsExactly("a OptionalInt[503]", "a OptionalInt.empty");
    }

    private RequestLimits limits(SourceConfig... sources) {
        return new RequestLimits(List.of(sources), (name, wait) -> waits.add(name + " " + wait.toSeconds()), ticker);
    }

    private static void ask(RequestLimits limits, SourceConfig source, int times) throws Exception {
        try (HttpExchange exchange = new HttpExchange(source, Clock.systemUTC(), limits)) {
            for (int i = 0; i < times; i++) {
                exchange.get(URI.create(source.url() + "/Jobs"), Map.of());
            }
        }
    }

    private static HttpAnswer busy(String retryAfter) throws Exception {
        try (HostileServer server = HostileServer.status(503, "Retry-After: " + retryAfter + "\r\n", "")) {
            SourceConfig source = source("a", server.url(), Optional.empty());
            try (HttpExchange exchange = new HttpExchange(source, Clock.systemUTC(), RequestLimits.alone(source))) {
                return exchange.get(server.url(), Map.of());
            }
        }
    }

    private static SourceConfig source(String name, URI url, Optional<RequestLimit> limit) {
        return new SourceConfig(name, "ams-v2", url, "contoso", Optional.empty(), Duration.ofSeconds(1), DEADLINE, Duration.ZERO,
                new StartFrom.All(), new AuthConfig.None(), Duration.ofSeconds(1), limit, Optional.empty(), new SourceOptions.None());
    }
}
