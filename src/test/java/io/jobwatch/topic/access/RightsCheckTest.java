package io.jobwatch.topic.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.Role;
import io.jobwatch.topic.TopicNames;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RightsCheckTest {

    /** Nothing is known then, which is not that nothing is missing. */
    @Test
    void shouldTellOfWhatABrokerDoesNotAnswerThatItIsNotTold() throws Exception {
        List<Right> needed = new Rights("app", new TopicNames("p.")).of(Role.PROCESS);
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
             Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort(), "request.timeout.ms", 200,
                     "default.api.timeout.ms", 400))) {

            RightsAnswer answer = new RightsCheck(admin).ask(needed);

            assertThat(answer.missing()).isEmpty();
            assertThat(answer.untold()).containsOnlyKeys(needed);
            assertThat(answer.untoldText()).contains("READ on group app (", "READ, WRITE, CREATE on topic app-job-status-changelog (");
        }
    }
}
