package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.cli.client.EventsServer;
import io.jobwatch.cli.client.ServerEvent;
import io.jobwatch.cli.screen.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TailCommandTest {
    private static final String TRANSITION = """
            {"source":"s","jobId":"1","jobName":"a\\nb","attempt":1,"sequence":2,"kind":"ADVANCED","previousState":"QUEUED",\
            "currentState":"PROCESSING","skippedStates":["SCHEDULED"],"occurredAt":"2026-11-22T10:15:30.123Z"}""";
    private static final String RESTART = """
            {"source":"s","jobId":"1","jobName":null,"attempt":2,"previousState":null,"currentState":"QUEUED","skippedStates":[],\
            "occurredAt":"2026-11-22T10:15:31Z"}""";
    private static final String EVENTS = "id: 0\n\nevent: transition\nid: 1\ndata: " + TRANSITION + "\n\n"
            + "event: gap\nid: 2\ndata: {\"partitions\":[{\"partition\":3,\"from\":10,\"to\":20}]}\n\n"
            + "event: transition\nid: 3\ndata: " + RESTART + "\n\nevent: transition\ndata: {half\n\nevent: later\ndata: {}\n\n";

    @Test
    void shouldPrintALineForEachTransitionAndGoOnWhereTheConnectionEnded() throws Exception {
        try (EventsServer server = new EventsServer()) {
            server.events(EVENTS).problem(401, "a token is needed");

            CommandRun tail = CommandRun.of("tail", "--source", "s", "--state", "queued,processing", "--url", server.url().toString());

            assertThat(tail.lines()).containsExactly(
                    "2026-11-22 10:15:30Z  Queued     -> Processing  s/1 (a\\nb)  [skipped Scheduled]",
                    "2026-11-22 10:15:31Z             -> Queued      s/1  [attempt 2]");
            assertThat(tail.err()).contains(
                    "GAP: some transitions are no longer in the topic and are missing here (partition 3, offsets 10 to 20)",
                    "an event is left out, as it is no JSON", "; connecting again in ");
            assertThat(tail.status()).as("the server refuses to go on").isEqualTo(1);
            assertThat(server.asked()).extracting(EventsServer.Asked::target)
                    .containsOnly("/api/v1/events?source=s&state=QUEUED&state=PROCESSING");
            assertThat(server.asked()).extracting(EventsServer.Asked::lastId).containsExactly(null, "3");
        }
    }

    @Test
    void shouldPrintAnObjectALineForScripts() throws Exception {
        try (EventsServer server = new EventsServer()) {
            server.events(EVENTS).problem(400, "the parameter state is wrong").problem(400, "the parameter state is wrong");

            CommandRun tail = CommandRun.of("tail", "-o", "json", "--url", server.url().toString());

            assertThat(tail.lines()).hasSize(2);
            assertThat(tail.err()).contains("GAP: jobwatch cannot go on where this ended (the parameter state is wrong)");
            assertThat(new ObjectMapper().readTree(tail.lines().get(0))).isEqualTo(new ObjectMapper().readTree(TRANSITION));
            assertThat(tail.status()).isEqualTo(2);
        }
    }

    @Test
    void shouldEndWhenNobodyReadsAnyMore() {
        PrintWriter out = new PrintWriter(new Writer() {
            @Override
            public void write(char[] chars, int offset, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {
                // nothing is kept
            }

            @Override
            public void close() {
                // nothing is open
            }
        }, true);
        PrintWriter kept = new PrintWriter(new StringWriter());
        TailPrinter printer = new TailPrinter(Screen.plain(out, kept), false);

        assertThat(printer.event(new ServerEvent("transition", TRANSITION, "1"))).isFalse();
        assertThat(new TailPrinter(Screen.plain(kept, kept), false).event(new ServerEvent("transition", TRANSITION, "1"))).isTrue();
    }
}
