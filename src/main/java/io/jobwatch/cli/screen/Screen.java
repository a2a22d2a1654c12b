package io.jobwatch.cli.screen;

import java.io.PrintWriter;
import java.util.OptionalInt;

/**
 * Where a command shows what it found.
 *
 * @param out      for what was asked for; flushed at each line end
 * @param err      for what people should know beside it
 * @param width    the columns of the terminal; empty where this is none, as in a pipe: then nothing is cut
 * @param coloured whether colours are wanted
 */
public record Screen(PrintWriter out, PrintWriter err, OptionalInt width, boolean coloured) {

    /** {@return a screen that may be a file or a pipe: everything is printed whole, and without colours} */
    public static Screen plain(PrintWriter out, PrintWriter err) {
        return new Screen(out, err, OptionalInt.empty(), false);
    }

    /** Prints a line in which values of others are harmless already. */
    public void line(String text) {
        out.println(text);
    }

    /** Prints a name and its value, aligned with those before and after it. */
    public void fact(String name, Cell value) {
        out.println("  " + name + " ".repeat(Math.max(1, 14 - name.length())) + text(value));
    }

    /** Prints a heading. */
    public void heading(String text) {
        out.println(text(new Cell(text, Cell.Colour.STRONG)));
    }

    /** {@return the cell's text, in its colour where colours are wanted} */
    public String text(Cell cell) {
        return coloured ? cell.colour().paint(cell.text()) : cell.text();
    }

    /** Tells people something beside the result. */
    public void note(String text) {
        err.println("jobwatch: " + ForeignText.line(text));
        err.flush();
    }

    /** {@return whether nobody reads any more what is printed, or it cannot be written} */
    public boolean lost() {
        return out.checkError();
    }
}
