package io.jobwatch.topic.access;

import io.jobwatch.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** Reads the table of the section "Rights" in the guide for consumers, so that a test can grant what it names and nothing else. */
public final class RightsGuide {
    /** The row of whoever reads topics with a client of their own. */
    public static final String CONSUMER = "a consumer";
    private static final Path GUIDE = Path.of("schemas/README.md");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private final String applicationId;
    private final TopicNames topics;
    private final String section;

    public RightsGuide(String applicationId, TopicNames topics) throws IOException {
        this.applicationId = applicationId;
        this.topics = topics;
        String guide = Files.readString(GUIDE);
        String heading = "\n## Rights\n";
        section = guide.substring(guide.indexOf(heading) + heading.length()).split("\n## ")[0];
    }

    /**
     * {@return the rights in each row of the table, by the first cell}
     *
     * @param group         of the consumer, whose name is up to it
     * @param consumerReads the topics that the consumer reads, which are up to it
     */
    public Map<String, List<Right>> rows(String group, List<String> consumerReads) {
        Map<String, List<Right>> result = new LinkedHashMap<>();
        section.lines().filter(line -> line.startsWith("|")).skip(2).forEach(line -> {
            List<String> cells = Arrays.stream((line + " ").substring(1).split("\\|")).map(String::strip).toList();
            String holder = cells.get(0).replaceAll("[`*]", "");
            Set<Right> rights = new LinkedHashSet<>();
            groups(holder, cells.get(1), group, rights);
            topics(holder, cells.get(2), AclOperation.READ, consumerReads, rights);
            topics(holder, cells.get(3), AclOperation.WRITE, consumerReads, rights);
            transactionalIds(holder, cells.get(4), rights);
            if (holder.startsWith("role ")) {
                add(holder, topics.all(), AclOperation.DESCRIBE, rights);   // the sentence below the table
            }
            result.put(holder, List.copyOf(rights));
        });
        return result;
    }

    private void groups(String holder, String cell, String own, Set<Right> rights) {
        AclOperation operation = cell.startsWith("DESCRIBE on ") ? AclOperation.DESCRIBE : AclOperation.READ;
        if (cell.equals("its own")) {
            rights.add(Right.onGroup(holder, own, operation));
        }
        quoted(cell).forEach(name -> rights.add(Right.onGroup(holder, name, operation)));
    }

    private void topics(String holder, String cell, AclOperation operation, List<String> consumerReads, Set<Right> rights) {
        if (cell.equals("those it reads")) {
            add(holder, consumerReads, operation, rights);
        } else if (cell.equals("(CREATE and DESCRIBE on the eight topics)")) {
            add(holder, topics.all(), AclOperation.CREATE, rights);
            add(holder, topics.all(), AclOperation.DESCRIBE, rights);
        } else if (cell.startsWith("all but ")) {
            List<String> all = new ArrayList<>(topics.all());
            all.removeAll(named(cell));
            add(holder, all, operation, rights);
        } else {
            add(holder, named(cell), operation, rights);
            if (cell.contains("internal¹")) {
                List<String> internal = quoted(section.substring(section.lastIndexOf("¹"))).stream()
                        .filter(name -> name.endsWith("-changelog")).toList();
                add(holder, internal, operation, rights);
                add(holder, internal, AclOperation.CREATE, rights);
            }
        }
    }

    private void transactionalIds(String holder, String cell, Set<Right> rights) {
        quoted(cell).forEach(name -> rights.add(Right.onTransactionalId(holder, name,
                cell.startsWith("prefix ") ? PatternType.PREFIXED : PatternType.LITERAL)));
    }

    /** {@return the topics that the words of a cell name} */
    private List<String> named(String cell) {
        Set<String> words = Set.of(cell.split("[ ,`]+"));
        return topics.all().stream().filter(topic -> words.contains(topic.substring(topics.prefix().length()))).toList();
    }

    private List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map((MatchResult found) -> found.group(1).replace("<app>", applicationId)).toList();
    }

    private static void add(String holder, List<String> names, AclOperation operation, Set<Right> rights) {
        names.forEach(name -> rights.add(new Right(holder, ResourceType.TOPIC, name, PatternType.LITERAL, operation)));
    }
}
