package io.jobwatch.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A line that one process tells another: a word, then {@code name=value} pairs. Names and values hold no white space.
 *
 * @param word   what the line is about
 * @param values by name
 */
record Facts(String word, Map<String, String> values) {

    static Facts parse(String line) {
        String[] parts = line.split(" ");
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            values.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
        }
        return new Facts(parts[0], values);
    }

    /** {@return a value that must be there} */
    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new BenchException("'" + word + "' does not tell " + name + ", only " + values.keySet());
        }
        return value;
    }

    /** {@return a number that must be there} */
    long number(String name) {
        return Long.parseLong(text(name));
    }

    /** {@return the line, without its end} */
    @Override
    public String toString() {
        return values.entrySet().stream().map(pair -> " " + pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining("", word, ""));
    }
}
