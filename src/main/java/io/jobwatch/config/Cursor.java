package io.jobwatch.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A place in the file: a node and the path of keys that leads there. What is wrong is noted and read as absent. */
final class Cursor {
    private static final int MAX_SHOWN = 60;

    private final Node node;
    private final String path;
    private final Variables variables;
    private final Problems problems;

    Cursor(Node node, String path, Variables variables, Problems problems) {
        this.node = node;
        this.path = path;
        this.variables = variables;
        this.problems = problems;
    }

    String path() {
        return path;
    }

    /** {@return where the node begins, or null where the parser does not tell} */
    Mark place() {
        return node.getStartMark().orElse(null);
    }

    /** Notes something wrong with this place. */
    void problem(String text) {
        problems.add(place(), path, text);
    }

    boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** {@return this place under another path} */
    Cursor at(String otherPath) {
        return new Cursor(node, otherPath, variables, problems);
    }

    Cursor child(String childPath, Node child) {
        return new Cursor(child, childPath, variables, problems);
    }

    /** {@return the value, whose text may be shown where it is wrong} */
    <T> Optional<T> value(Kind<T> kind) {
        return value(kind, true);
    }

    /** {@return the value, whose text is never shown} */
    <T> Optional<T> secret(Kind<T> kind) {
        return value(kind, false);
    }

    private <T> Optional<T> value(Kind<T> kind, boolean show) {
        Optional<String> text = text(kind.expected());
        Optional<T> value = text.flatMap(kind.parser());
        if (text.isPresent() && value.isEmpty()) {
            problem("expected " + kind.expected() + (show ? ", found " + shown() : ""));
        }
        return value;
    }

    private Optional<String> text(String expected) {
        if (!(node instanceof ScalarNode scalar) || isNull()) {
            problem("expected " + expected + ", found " + kind());
            return Optional.empty();
        }
        try {
            return Optional.of(variables.resolve(scalar.getValue()));
        } catch (Variables.UnresolvedException e) {
            problem(e.getMessage());
            return Optional.empty();
        }
    }

    /** The text as it stands in the file: what a variable holds may be a secret, and so may be what precedes an @. */
    private String shown() {
        String raw = ((ScalarNode) node).getValue();
        if (raw.indexOf('@') >= 0) {
            return "another text";
        }
        String line = raw.replaceAll("\\p{Cntrl}", " ");
        return "\"" + (line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…") + "\"";
    }

    /** {@return the keys of a mapping} */
    Optional<Fields> fields() {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new Fields(this, mapping));
        }
        problem("expected a mapping of keys to values, found " + kind());
        return Optional.empty();
    }

    /** {@return the items of a list, or empty where it is none} */
    Optional<List<Cursor>> items() {
        if (node instanceof SequenceNode sequence) {
            List<Node> nodes = sequence.getValue();
            return Optional.of(IntStream.range(0, nodes.size()).mapToObj(i -> child(path + "[" + i + "]", nodes.get(i))).toList());
        }
        problem("expected a list, found " + kind());
        return Optional.empty();
    }

    private String kind() {
        if (isNull()) {
            return "nothing";
        }
        return switch (node.getNodeType()) {
            case MAPPING -> "a mapping";
            case SEQUENCE -> "a list";
            default -> "a single value";
        };
    }
}
