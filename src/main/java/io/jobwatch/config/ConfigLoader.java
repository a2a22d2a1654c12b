package io.jobwatch.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the configuration of an instance from a YAML file. */
public final class ConfigLoader {
    private static final Path DEFAULT_DATA_DIR = Path.of("jobwatch-data");

    private ConfigLoader() {
    }

    /**
     * Reads and checks everything that can be checked without the network. Relative paths in the file are relative to the working
     * directory.
     *
     * @param environment gives the value of an environment variable, or null where it is not set
     * @throws ConfigException if anything is wrong: a line for each problem with the file, the line, the column and the key, what is
     *                         expected, and what was found, unless that may be a secret
     */
    public static JobwatchConfig load(Path file, Function<String, String> environment) {
        Problems problems = new Problems(file);
        Node root = YamlFile.read(file).filter(node -> !node.getTag().equals(Tag.NULL))
                .orElseGet(() -> new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK));
        Cursor start = new Cursor(root, "", new Variables(environment), problems);
        JobwatchConfig config = start.fields().map(ConfigLoader::config).orElse(null);
        problems.throwIfAny();
        return config;
    }

    private static JobwatchConfig config(Fields root) {
        String applicationId = root.optional("application-id", Kinds.APPLICATION_ID).orElse("jobwatch");
        Path dataDir = root.optional("data-dir", Kinds.PATH).orElse(DEFAULT_DATA_DIR);
        Set<Role> roles = SectionReader.roles(root.get("roles"));
        JobwatchConfig config = new JobwatchConfig(
                applicationId,
                dataDir,
                roles,
                SectionReader.kafka(section(root, "kafka")),
                SectionReader.registry(section(root, "schema-registry")),
                SectionReader.topics(section(root, "topics")),
                sources(root, roles),
                SectionReader.process(section(root, "process")),
                SectionReader.report(section(root, "report"), dataDir),
                QueryReader.read(section(root, "query")));
        root.finish();
        return config;
    }

    private static Fields section(Fields root, String key) {
        return root.section(key).orElseGet(Fields::none);
    }

    private static List<SourceConfig> sources(Fields root, Set<Role> roles) {
        Optional<Cursor> list = root.get("sources");
        List<SourceConfig> sources = list.map(SourceReader::read).orElse(List.of());
        if (list.isEmpty() && roles.contains(Role.POLL)) {
            root.missing("sources", "a list of the services to poll, as roles includes poll");
        }
        return sources;
    }
}
