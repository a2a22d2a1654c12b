package io.jobwatch.cli.screen;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Rows of cells whose columns are aligned. The last column takes what is left of a line, and is cut to it on a terminal; what people copy
 * belongs into another one.
 */
public final class TextTable {
    private static final String GAP = "  ";
    private static final int LEAST = 8;
    private static final int NOTE_INDENT = 6;

    private final List<String> headings;
    private final int[] widths;
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> numbers = new HashSet<>();
    private String indent = "";
    private boolean begun;

    /** @param notes lines below it, never cut */
    private record Row(List<Cell> cells, List<String> notes) {
    }

    public TextTable(String... headings) {
        this.headings = List.of(headings);
        this.widths = this.headings.subList(0, headings.length - 1).stream().mapToInt(DisplayWidth::of).toArray();
    }

    /** Has the columns with these headings end, rather than begin, at the same place. */
    public TextTable right(String... columns) {
        numbers.addAll(Arrays.asList(columns));
        return this;
    }

    /** Begins every line with some spaces. */
    public TextTable indented(int spaces) {
        indent = " ".repeat(spaces);
        return this;
    }

    /** {@return whether there is nothing to print} */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** @param cells as many as there are headings */
    public void row(Cell... cells) {
        add(List.of(cells));
    }

    /** @param cells as many as there are headings */
    public void row(String... cells) {
        add(Arrays.stream(cells).map(Cell::of).toList());
    }

    /** Adds a line of foreign text below the row that was added last. */
    public void note(String text) {
        rows.get(rows.size() - 1).notes().add(ForeignText.line(text));
    }

    private void add(List<Cell> cells) {
        rows.add(new Row(cells, new ArrayList<>()));
        for (int column = 0; column < widths.length; column++) {
            widths[column] = Math.max(widths[column], DisplayWidth.of(cells.get(column).text()));
        }
    }

    /** Prints the rows that were added since the last time, the first time under their headings. */
    public void print(Screen screen) {
        print(screen.out(), screen.width(), screen.coloured());
    }

    /** Prints as {@link #print(Screen)} does, whole and without colours. */
    public void print(PrintWriter out) {
        print(out, OptionalInt.empty(), false);
    }

    private void print(PrintWriter out, OptionalInt width, boolean coloured) {
        int used = indent.length() + Arrays.stream(widths).sum() + GAP.length() * widths.length;
        int left = width.isPresent() ? Math.max(LEAST, width.getAsInt() - used) : Integer.MAX_VALUE;
        if (!begun) {
            out.println(line(headings.stream().map(Cell::of).toList(), left, false));
            begun = true;
        }
        for (Row row : rows) {
            out.println(line(row.cells(), left, coloured));
            row.notes().forEach(note -> out.println(indent + " ".repeat(NOTE_INDENT) + note));
        }
        rows.clear();
    }

    private String line(List<Cell> row, int left, boolean coloured) {
        StringBuilder line = new StringBuilder(indent);
        for (int column = 0; column < widths.length; column++) {
            Cell cell = row.get(column);
            String padding = " ".repeat(widths[column] - DisplayWidth.of(cell.text()));
            String text = coloured ? cell.colour().paint(cell.text()) : cell.text();
            line.append(numbers.contains(headings.get(column)) ? padding + text : text + padding).append(GAP);
        }
        Cell end = row.get(widths.length);
        String text = DisplayWidth.cut(end.text(), left);
        return line.append(coloured ? end.colour().paint(text) : text).toString().stripTrailing();
    }
}
