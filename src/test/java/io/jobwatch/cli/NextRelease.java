package io.jobwatch.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.avro.Schema;
import org.apache.avro.compiler.specific.SpecificCompiler;
import org.apache.avro.compiler.specific.SpecificCompiler.FieldVisibility;
import org.apache.avro.generic.GenericData.StringType;

/**
 * A release that might follow this one, built from these sources: each record that jobwatch writes about jobs has one more field, and the
 * topology one more node, between the detection of transitions and their topic, which puts a header on them. All else is the jar's.
 */
final class NextRelease {
    /** Field of the new schemas; optional, as the rules of the schemas demand. */
    static final String NEW_FIELD = "writtenBy";
    /** What the next release writes there. */
    static final String NAME = "next";
    /** Header that the new node puts on each transition. */
    static final String HEADER = "written-by";

    private static final Path SCHEMAS = Path.of("schemas");
    /** What others name comes first. */
    private static final List<String> FIRST = List.of("JobState", "ErrorDetail", "Task", "StateChange", "JobStateEvent");
    private static final Set<String> CHANGED = Set.of("JobStateEvent", "JobTransition", "JobErrorReport", "JobStatus");
    private static final String PROCESSOR = """
            package io.jobwatch.topology;

            import org.apache.kafka.streams.processor.api.ContextualProcessor;
            import org.apache.kafka.streams.processor.api.Record;

            final class MarkTransitions extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
                @Override
                public void process(Record<byte[], byte[]> record) {
                    record.headers().add("%s", "%s".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    context().forward(record);
                }
            }
            """.formatted(HEADER, NAME);

    private NextRelease() {
    }

    /** @param folder takes its sources and classes */
    static Release build(Path folder) throws IOException {
        Path sources = folder.resolve("src");
        compileSchemas(sources);
        Path topology = Files.createDirectories(sources.resolve("io/jobwatch/topology"));
        Files.writeString(topology.resolve("MarkTransitions.java"), PROCESSOR);
        String original = Files.readString(Path.of("src/main/java/io/jobwatch/topology/JobTopology.java"));
        // Who forwards to the sink by its name forwards to the new node then, which has that name, and the sink another.
        String changed = replaced(original, ".addSink(TRANSITIONS_SINK, topics.jobTransitions(), bytes, bytes, DETECT)",
                ".addProcessor(TRANSITIONS_SINK, MarkTransitions::new, DETECT)"
                        + ".addSink(\"marked-transitions-sink\", topics.jobTransitions(), bytes, bytes, TRANSITIONS_SINK)");
        Files.writeString(topology.resolve("JobTopology.java"), changed);
        return new Release("the next release", List.of(compile(sources, folder.resolve("classes")), JobwatchProcess.jar()));
    }

    private static String replaced(String text, String what, String by) {
        if (!text.contains(what)) {
            throw new IllegalStateException("the next release cannot be made: the source has no " + what);
        }
        return text.replace(what, by);
    }

    private static void compileSchemas(Path sources) throws IOException {
        Set<String> names = new LinkedHashSet<>(FIRST);
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".avsc")).sorted()
                    .forEach(name -> names.add(name.replace(".avsc", "")));
        }
        Schema.Parser parser = new Schema.Parser();
        List<Schema> schemas = new ArrayList<>();
        for (String name : names) {
            ObjectNode json = (ObjectNode) new JsonMapper().readTree(SCHEMAS.resolve(name + ".avsc").toFile());
            if (CHANGED.contains(name)) {
                ((ArrayNode) json.get("fields")).addObject().put("name", NEW_FIELD).put("doc", "Which release wrote it.")
                        .<ObjectNode>set("type", new JsonMapper().createArrayNode().add("null").add("string")).putNull("default");
            }
            schemas.add(parser.parse(json.toString()));
        }
        SpecificCompiler compiler = new SpecificCompiler(schemas);
        compiler.setStringType(StringType.String);
        compiler.setFieldVisibility(FieldVisibility.PRIVATE);
        compiler.setTemplateDir("src/main/avro/");
        compiler.compileToDestination(null, sources.toFile());
        for (String name : CHANGED) {
            Path file = sources.resolve("io/jobwatch/event/" + name + ".java");
            Files.writeString(file, withFormerConstructor(name, Files.readString(file)));
        }
    }

    /** The jar's classes know the constructor without the new field; what they make with it is written by the next release, too. */
    private static String withFormerConstructor(String name, String source) {
        Matcher all = Pattern.compile("  public " + name + "\\(([^)]+), java\\.lang\\.String " + NEW_FIELD + "\\) \\{").matcher(source);
        if (!all.find()) {
            throw new IllegalStateException("the next release cannot be made: " + name + " has no constructor for all fields");
        }
        String arguments = Stream.of(all.group(1).split(", ")).map(parameter -> parameter.substring(parameter.lastIndexOf(' ') + 1))
                .collect(Collectors.joining(", "));
        String former = "  public %s(%s) {%n    this(%s, \"%s\");%n  }%n".formatted(name, all.group(1), arguments, NAME);
        return replaced(source.substring(0, all.start()) + former + source.substring(all.start()),
                "public " + name + "() {}", "public " + name + "() { this." + NEW_FIELD + " = \"" + NAME + "\"; }");
    }

    private static Path compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("a JDK is needed: this Java has no compiler");
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(sources)) {
            files = found.filter(file -> file.toString().endsWith(".java")).toList();
        }
        StringWriter said = new StringWriter();
        var manager = compiler.getStandardFileManager(null, null, null);
        List<String> options = List.of("--release", "17", "-proc:none", "-nowarn", "-cp", JobwatchProcess.jar().toString(), "-d",
                Files.createDirectories(classes).toString());
        if (!compiler.getTask(said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files)).call()) {
            throw new IllegalStateException("the next release cannot be compiled:\n" + said);
        }
        return classes;
    }
}
