package io.jobwatch.cli;

import io.jobwatch.cli.screen.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;

/** The standard output of a command, which remembers when it could not be written: {@code System.out} keeps that to itself. */
final class CommandOutput extends OutputStream {
    private final OutputStream target;
    private volatile IOException failure;

    CommandOutput(OutputStream target) {
        this.target = target;
    }

    static CommandOutput standard() {
        return new CommandOutput(new FileOutputStream(FileDescriptor.out));
    }

    /** {@return a writer onto this that flushes at each line end} */
    PrintWriter writer() {
        return new PrintWriter(new OutputStreamWriter(this, charset(Terminal.charset())), true);
    }

    /** Where the locale is not set, as in a container or a cron job, readers expect UTF-8, not question marks. */
    static Charset charset(String name) {
        try {
            Charset charset = Charset.forName(name);
            return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
        } catch (UnsupportedCharsetException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /** {@return the exit status of a command that ended with one, once its output is known to be written or not} */
    int status(int status, PrintWriter err) {
        IOException lost = failure;
        if (lost == null || status != 0) {
            return status;
        }
        if (String.valueOf(lost.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe")) {
            return 0;   // the reader has had enough, as with | head
        }
        err.println("jobwatch: the output cannot be written: " + lost.getMessage());
        return CommandLineInterface.FAILED;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
