package io.jobwatch.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads a file as one YAML document, within limits that no honest configuration meets. */
final class YamlFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_NODES = 100_000;
    private static final int MAX_DEPTH = 30;

    private YamlFile() {
    }

    /**
     * {@return the root, or empty where the file holds nothing} With its aliases followed it is a tree of bounded size.
     *
     * @throws ConfigException if it cannot be read as YAML; no text of the file is shown
     */
    static Optional<Node> read(Path file) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).setSchema(new CoreSchema())
                // They are refused later, with their place.
                .setAllowNonScalarKeys(true).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text(file));
            if (root.isPresent() && size(root.get(), 0, MAX_NODES) > MAX_NODES) {
                throw new ConfigException(file + ": expected at most " + MAX_NODES + " values nested at most " + MAX_DEPTH
                        + " deep, found more; are there aliases of aliases?");
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            throw new ConfigException(file + Problems.at(e.getProblemMark().orElse(null)) + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigException(file + ": not YAML: " + e.getMessage());
        } catch (StackOverflowError e) {
            // The parser calls itself for each level, and knows no limit.
            throw new ConfigException(file + ": expected values nested at most " + MAX_DEPTH + " deep");
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(
                        file + ": expected a configuration of at most " + MAX_BYTES + " bytes, found " + Files.size(file));
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": expected text in UTF-8, found other bytes");
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** Counts a node behind an alias each time, and stops counting beyond the limit. */
    private static int size(Node node, int depth, int limit) {
        if (depth > MAX_DEPTH) {
            return limit + 1;
        }
        List<Node> children = List.of();
        if (node instanceof SequenceNode sequence) {
            children = sequence.getValue();
        } else if (node instanceof MappingNode mapping) {
            children = mapping.getValue().stream().flatMap(tuple -> Stream.of(tuple.getKeyNode(), tuple.getValueNode())).toList();
        }
        int size = 1;
        for (Node child : children) {
            size += size(child, depth + 1, limit - size);
            if (size > limit) {
                break;
            }
        }
        return size;
    }
}
