package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommandOutputTest {
    private final StringWriter err = new StringWriter();

    @Test
    void shouldFailWhereTheOutputCannotBeWritten() {
        assertThat(statusAfter("No space left on device", 0)).isEqualTo(1);
        assertThat(err.toString()).contains("the output cannot be written: No space left on device");
    }

    @Test
    void shouldEndQuietlyWhereTheReaderHasEnough() {
        assertThat(statusAfter("Broken pipe", 0)).isZero();
        assertThat(statusAfter("Broken pipe", 2)).isEqualTo(2);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldKeepTheStatusWhereAllIsWritten() {
        CommandOutput output = new CommandOutput(new ByteArrayOutputStream());
        output.writer().println("fine");

        assertThat(output.status(0, new PrintWriter(err))).isZero();
        assertThat(output.status(1, new PrintWriter(err))).isEqualTo(1);
    }

    @Test
    void shouldWriteUtf8WhereTheLocaleSaysNothing() {
        assertThat(CommandOutput.charset("ANSI_X3.4-1968")).isEqualTo(StandardCharsets.UTF_8);
        assertThat(CommandOutput.charset("no-such-charset")).isEqualTo(StandardCharsets.UTF_8);
        assertThat(CommandOutput.charset("ISO-8859-1")).isEqualTo(StandardCharsets.ISO_8859_1);
    }

    private int statusAfter(String failure, int status) {
        CommandOutput output = new CommandOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        });
        output.writer().println("lost");
        PrintWriter errors = new PrintWriter(err);
        int result = output.status(status, errors);
        errors.flush();
        return result;
    }
}
