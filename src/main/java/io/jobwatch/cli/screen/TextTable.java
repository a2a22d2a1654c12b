package io.jobwatch.cli.screen;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rows of cells whose columns are aligned. A terminal would break a row that is too long for it anywhere: columns that do not fit follow on
 * lines below their row. The last column takes what is left of a line, and is cut to it where that is enough to read; with less it is
 * below and whole. What people copy belongs into another column.
 */
public final class TextTable {
    private static final String GAP = "  ";
    /** Of a reason or an address, fewer columns say nothing. */
    private static final int LEAST = 30;
    private static final int BELOW_INDENT = 6;

    private final List<String> headings;
    private final int[] widths;
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> numbers = new HashSet<>();
    private String indent = "";
    private boolean begun;

    /** @param notes lines below it, never cut */
    private record Row(List<Cell> cells, List<String> notes) {
    }

    /**
     * The columns that stand on a line of a row; all but the first line are indented.
     *
     * @param to   the column after them
     * @param left what the last column is cut to, if it is one of them
     */
    private record Part(int from, int to, int left) {
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
        List<Part> parts = parts(width.orElse(Integer.MAX_VALUE));
        if (!begun) {
            print(headings.stream().map(Cell::of).toList(), parts, out, false);
            begun = true;
        }
        String below = indent + " ".repeat(BELOW_INDENT);
        for (Row row : rows) {
            print(row.cells(), parts, out, coloured);
            row.notes().forEach(note -> out.println(below + note));
        }
        rows.clear();
    }

    /** A line below that would tell nothing is left out. */
    private void print(List<Cell> row, List<Part> parts, PrintWriter out, boolean coloured) {
        parts.stream().filter(part -> part.from() == 0
                || row.subList(part.from(), part.to()).stream().anyMatch(cell -> !cell.text().isEmpty() && !cell.equals(Cell.NONE)))
                .forEach(part -> out.println(line(row, part, coloured)));
    }

    /** Fills each line of a row before the next one begins. */
    private List<Part> parts(int width) {
        int last = Stream.concat(Stream.of(headings.get(widths.length)), rows.stream().map(row -> row.cells().get(widths.length).text()))
                .mapToInt(DisplayWidth::of).max().orElseThrow();
        List<Part> parts = new ArrayList<>();
        int from = 0;
        int used = indent.length();
        for (int column = 0; column < widths.length; column++) {
            if (column > from && width - used < widths[column]) {
                parts.add(new Part(from, column, 0));
                from = column;
                used = indent.length() + BELOW_INDENT;
            }
            used += widths[column] + GAP.length();
        }
        int left = width - used;
        if (widths.length > from && left < Math.min(LEAST, last)) {
            parts.add(new Part(from, widths.length, 0));
            from = widths.length;
        }
        parts.add(new Part(from, headings.size(), from == 0 ? left : Integer.MAX_VALUE));
        return parts;
    }

    private String line(List<Cell> row, Part part, boolean coloured) {
        StringBuilder line = new StringBuilder(indent).append(" ".repeat(part.from() == 0 ? 0 : BELOW_INDENT));
        for (int column = part.from(); column < part.to(); column++) {
            boolean last = column == widths.length;
            Cell cell = row.get(column);
            Cell shown = last ? new Cell(DisplayWidth.cut(cell.text(), part.left()), cell.colour()) : cell;
            String padding = last ? "" : " ".repeat(widths[column] - DisplayWidth.of(cell.text()));
            String text = coloured ? shown.colour().paint(shown.text()) : shown.text();
            line.append(numbers.contains(headings.get(column)) ? padding + text : text + padding).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
