package io.jobwatch.cli.screen;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * A line at the bottom of a terminal that is drawn anew. What is printed through its streams meanwhile appears above it: the line is
 * erased before, and drawn again once a whole line was flushed. Thread-safe.
 */
public final class StatusLine implements AutoCloseable {
    /** ECMA-48: back to the first column, and erase to the end of the line. */
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream terminal;
    private final int columns;
    private String text = "";
    private boolean drawn;
    private boolean open;

    /**
     * @param terminal nothing else may be printed to it from now on, but through {@link #above}
     * @param columns  its width; a line that filled it would begin another
     */
    public StatusLine(PrintStream terminal, int columns) {
        this.terminal = terminal;
        this.columns = columns;
    }

    /** Shows a line, in the place of the one before; it is cut to the terminal. */
    public synchronized void show(String line) {
        text = DisplayWidth.cut(ForeignText.line(line), columns - 1);
        if (!open) {
            draw();
        }
    }

    /**
     * {@return a stream whose text appears above the line} It is flushed at the end of what is printed by one call, if that has a line end.
     *
     * @param target where the text goes: the terminal, or standard error, which may be the same terminal
     */
    public PrintStream above(PrintStream target, Charset charset) {
        return new PrintStream(new Above(target), true, charset);
    }

    /** Takes the line away. */
    @Override
    public synchronized void close() {
        text = "";
        erase();
    }

    private void draw() {
        if (!text.isEmpty()) {
            terminal.print(ERASE + text);
            terminal.flush();
            drawn = true;
        }
    }

    private void erase() {
        if (drawn) {
            terminal.print(ERASE);
            terminal.flush();
            drawn = false;
        }
    }

    private final class Above extends OutputStream {
        private final PrintStream target;
        private int last = '\n';

        private Above(PrintStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (length == 0) {
                return;
            }
            synchronized (StatusLine.this) {
                erase();
                target.write(bytes, offset, length);
                last = bytes[offset + length - 1];
                open = true;
            }
        }

        /** What is not the whole of a line yet stays alone on it. */
        @Override
        public void flush() {
            synchronized (StatusLine.this) {
                target.flush();
                if (last == '\n') {
                    open = false;
                    if (!drawn) {   // PrintStream flushes more than once a call
                        draw();
                    }
                }
            }
        }
    }
}
