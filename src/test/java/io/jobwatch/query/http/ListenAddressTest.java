package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.util.JavalinBindException;
import io.jobwatch.config.AccessToken;
import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.QueryException;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListenAddressTest {
    private static final QueryAuth BEARER = new QueryAuth.Bearer(List.of(AccessToken.of("ops", "jw_" + "a".repeat(43))));
    /** Reserved for documentation (RFC 5737), so no machine has it. */
    private static final String FOREIGN = "203.0.113.1";

    @Test
    void shouldNotTakeAForeignAddressForATakenPort() {
        QueryConfig config = new QueryConfig(FOREIGN, 8080, BEARER, Optional.empty(), false);

        assertThatThrownBy(() -> QueryServer.start(config, TestServices.of(new FakeView())))
                .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.portTaken()).isFalse())
                .hasMessageStartingWith("query.host " + FOREIGN + " is no address of this machine: set it to ");
    }

    /** A process with all rights, as in a container, may bind any port, so the system's answer is given here. */
    @Test
    void shouldNotTakeAPortWithoutPermissionForATakenOne() {
        QueryException problem = problem(443, new BindException("Permission denied"));

        assertThat(problem.portTaken()).isFalse();
        assertThat(problem).hasMessage("cannot listen on port 443 of 127.0.0.1: set query.port to a port above 1023");
    }

    @Test
    void shouldSayThatAHostWhoseNameIsGoneIsNoAddressOfThisMachine() {
        assertThat(problem(8080, new UnresolvedAddressException()).getMessage()).contains("is no address of this machine");
    }

    @Test
    void shouldTakeAnAddressInUseForATakenPort() {
        QueryException problem = problem(8080, new BindException("Address already in use"));

        assertThat(problem.portTaken()).isTrue();
        assertThat(problem).hasMessageContaining("port 8080 on 127.0.0.1 is taken").hasMessageContaining("query.port");
    }

    /** As Jetty and Javalin wrap it. */
    private static QueryException problem(int port, Exception reason) {
        return ListenAddress.of(new QueryConfig("127.0.0.1", port)).cannotBind(new JavalinBindException(
                "Port already in use. Make sure no other process is using port " + port + " and try again.",
                new IOException("Failed to bind to /127.0.0.1:" + port, reason)));
    }
}
