package io.jobwatch.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples are those of the HTML Living Standard, 9.2.6, and what it says beside them. */
class ServerEventParserTest {
    private final ServerEventParser parser = new ServerEventParser("", 1_000);

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void shouldTakeAnyLineEndAndAnyPieces(String end) throws IOException {
        String stream = "\ufeff: hello\n\nevent: add\ndata: first ü\ndata:\ndata:  third\nid: 7\n\ndata: x\n\n".replace("\n", end);
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            ServerEventParser each = new ServerEventParser("", 1_000);
            List<ServerEvent> events = new ArrayList<>();
            for (int at = 0; at < bytes.length; at += size) {
                events.addAll(each.feed(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at))));
            }
            assertThat(events).as("in pieces of %s", size)
                    .containsExactly(new ServerEvent("add", "first ü\n\n third", "7"), new ServerEvent("message", "x", "7"));
        }
    }

    @Test
    void shouldTakeAPositionFromABlockWithoutData() throws IOException {
        assertThat(feed("id: 1-5,2-9\n\n")).isEmpty();
        assertThat(parser.lastId()).isEqualTo("1-5,2-9");

        assertThat(feed("event: gap\n\n")).as("a type without data is no event").isEmpty();
        assertThat(feed("data: x\n\n")).containsExactly(new ServerEvent("message", "x", "1-5,2-9"));
    }

    @Test
    void shouldForgetWhatWasCutOff() throws IOException {
        feed("id: 1\ndata: whole\n\n");
        feed("id: 2\ndata: half");

        assertThat(parser.lastId()).isEqualTo("1");
    }

    @Test
    void shouldForgetThePositionWhenAnEmptyOneIsTold() throws IOException {
        assertThat(feed("id: 1\ndata: a\n\nid\ndata: b\n\nid: x\0y\ndata: c\n\n")).extracting(ServerEvent::id).containsExactly("1", "", "");
    }

    @Test
    void shouldKeepAnEmptyLineOfData() throws IOException {
        assertThat(feed("data\n\ndata\ndata\n\ndata:")).extracting(ServerEvent::data).containsExactly("", "\n");
    }

    @Test
    void shouldReadHowLongToWait() throws IOException {
        feed("retry: 2500\n");
        assertThat(parser.retry()).contains(Duration.ofMillis(2500));
        feed("retry: soon\nretry: -1\nretry:\nunknown: 1\n");
        assertThat(parser.retry()).contains(Duration.ofMillis(2500));
    }

    @Test
    void shouldGoOnFromWhereAnotherStreamEnded() throws IOException {
        ServerEventParser next = new ServerEventParser("9", 1_000);

        assertThat(next.feed(bytes("data: x\n\n"))).containsExactly(new ServerEvent("message", "x", "9"));
    }

    @Test
    void shouldRefuseAnEventWithoutEnd() {
        assertThatThrownBy(() -> feed("data: " + "x".repeat(1_000))).isInstanceOf(IOException.class).hasMessageContaining("1000 bytes");
        assertThatThrownBy(() -> new ServerEventParser("", 100).feed(bytes("data: 123456789\n".repeat(10))))
                .isInstanceOf(IOException.class);
    }

    private List<ServerEvent> feed(String text) throws IOException {
        return parser.feed(bytes(text));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
