package io.jobwatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {

    /** An embedded broker found its port taken by a connection of another test, and called its data damaged. */
    @Test
    void shouldGiveNoPortThatConnectionsGet() {
        for (int i = 0; i < 50; i++) {
            assertThat(Ports.free()).isBetween(15_000, 32_767);
        }
    }

    /** A broker whose two listeners had the same port did not start. */
    @Test
    void shouldNotGiveTheBrokerTheSamePortTwice() {
        Iterator<Integer> drawn = List.of(4711, 4711, 4712).iterator();

        assertThat(Ports.freeBeside(4711, drawn::next)).isEqualTo(4712);
    }
}
