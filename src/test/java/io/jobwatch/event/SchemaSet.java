package io.jobwatch.event;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * The schemas of one version. They are read together and by themselves: what one of them names must be among them.
 *
 * @param version for messages, such as {@code version 1}
 * @param files   by the name of the file, without its extension
 */
record SchemaSet(String version, SortedMap<String, Schema> files) {
    static final Path FOLDER = Path.of("schemas");
    private static final String EXTENSION = ".avsc";

    /**
     * Where a type that has a name is defined.
     *
     * @param path {@code JobTransition} of a file's own type, {@code JobTransition.kind} of one that is defined within a field
     */
    record Definition(String path, Schema schema) {
    }

    /** {@return what the next release will hold} */
    static SchemaSet current() throws IOException {
        return read("the current version", FOLDER);
    }

    /** {@return every released version, oldest first} */
    static List<SchemaSet> released() throws IOException {
        List<Path> folders;
        try (Stream<Path> found = Files.list(FOLDER.resolve("released"))) {
            folders = found.sorted(Comparator.comparingInt(folder -> Integer.parseInt(folder.getFileName().toString()))).toList();
        }
        List<SchemaSet> versions = new ArrayList<>();
        for (Path folder : folders) {
            versions.add(read("version " + folder.getFileName(), folder));
        }
        return versions;
    }

    /** {@return every version, oldest first, the current one last} */
    static List<SchemaSet> all() throws IOException {
        List<SchemaSet> versions = new ArrayList<>(released());
        versions.add(current());
        return versions;
    }

    static SchemaSet read(String version, Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : found.filter(path -> path.toString().endsWith(EXTENSION)).toList()) {
                texts.put(file.getFileName().toString().replace(EXTENSION, ""), Files.readString(file));
            }
        }
        return parse(version, texts);
    }

    /**
     * {@return the schemas of some texts}
     *
     * @throws org.apache.avro.AvroRuntimeException if one is no schema, or names what none of them defines
     */
    static SchemaSet parse(String version, Map<String, String> texts) {
        Schema.Parser parser = new Schema.Parser();
        SortedMap<String, Schema> files = new TreeMap<>();
        texts.keySet().forEach(file -> parse(file, texts, parser, files, new HashSet<>()));
        return new SchemaSet(version, files);
    }

    /** Avro checks a default only where it knows the type, so what a file names comes before the file. */
    private static void parse(String file, Map<String, String> texts, Schema.Parser parser, Map<String, Schema> done, Set<String> begun) {
        if (done.containsKey(file) || !begun.add(file)) {
            return;
        }
        for (String other : texts.keySet()) {
            if (Pattern.compile("\"([\\w.]+\\.)?" + Pattern.quote(other) + "\"").matcher(texts.get(file)).find()) {
                parse(other, texts, parser, done, begun);
            }
        }
        done.put(file, parser.parse(texts.get(file)));
    }

    /** {@return every type that has a name, by its full name} */
    Map<String, Definition> definitions() {
        Map<String, Definition> definitions = new LinkedHashMap<>();
        files.values().forEach(schema -> definitions.put(schema.getFullName(), new Definition(schema.getName(), schema)));
        files.values().forEach(schema -> addInner(schema, schema.getName(), definitions));
        return definitions;
    }

    private static void addInner(Schema schema, String path, Map<String, Definition> definitions) {
        switch (schema.getType()) {
            case RECORD -> schema.getFields().forEach(field -> addReferred(field.schema(), path + "." + field.name(), definitions));
            case ARRAY -> addReferred(schema.getElementType(), path, definitions);
            case MAP -> addReferred(schema.getValueType(), path, definitions);
            case UNION -> schema.getTypes().forEach(branch -> addReferred(branch, path, definitions));
            default -> {
                // Nothing is defined within it.
            }
        }
    }

    private static void addReferred(Schema schema, String path, Map<String, Definition> definitions) {
        boolean named = switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> true;
            default -> false;
        };
        if (!named || definitions.putIfAbsent(schema.getFullName(), new Definition(path, schema)) == null) {
            addInner(schema, path, definitions);
        }
    }
}
