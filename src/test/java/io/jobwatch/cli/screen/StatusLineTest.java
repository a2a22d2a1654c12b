package io.jobwatch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private static final String ERASE = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    private final StatusLine line = new StatusLine(terminal, 20);
    private final PrintStream above = line.above(terminal, StandardCharsets.UTF_8);

    @Test
    void shouldTakeTheLineAwayBeforeABlockAndDrawItAgainAfterwards() {
        line.show("1 of 2");
        above.print("block\nof lines\n");
        line.show("2 of 2");
        line.close();
        above.print("the end\n");

        assertThat(printed()).isEqualTo(ERASE + "1 of 2" + ERASE + "block\nof lines\n" + ERASE + "1 of 2" + ERASE + "2 of 2"
                + ERASE + "the end\n");
    }

    @Test
    void shouldNotDrawIntoALineThatIsNotWhole() {
        line.show("1 of 2");
        above.print("half ");
        above.flush();
        line.show("2 of 2");
        above.print("whole\n");

        assertThat(printed()).isEqualTo(ERASE + "1 of 2" + ERASE + "half whole\n" + ERASE + "2 of 2");
    }

    @Test
    void shouldStayWithinTheTerminal() {
        line.show("映画映画映画映画映画映画");

        assertThat(printed()).isEqualTo(ERASE + "映画映画映画映画映…");
    }

    @Test
    void shouldNotMixWithBlocksOfOtherThreads() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (char c = 'a'; c < 'e'; c++) {
            String block = (c + "1\n") + (Character.toString(c).repeat(9_000) + "\n");   // more than a buffer of PrintStream
            threads.add(new Thread(() -> IntStream.range(0, 50).forEach(i -> above.print(block))));
        }
        threads.add(new Thread(() -> IntStream.range(0, 2_000).forEach(i -> line.show("status " + i))));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        line.close();

        String text = printed().replaceAll(ERASE.replace("[", "\\[") + "(status \\d+)?", "");
        assertThat(text.lines()).hasSize(400).allMatch(each -> each.matches("[a-d]1|a{9000}|b{9000}|c{9000}|d{9000}"));
        assertThat(text).matches("(?s)(([a-d])1\\n\\2{9000}\\n){200}");
    }

    private String printed() {
        terminal.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
