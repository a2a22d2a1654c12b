package io.jobwatch.cli;

import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Right;
import io.jobwatch.topic.access.RightsGuide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.params.provider.Arguments;

/**
 * For each row of the guide's table of rights a user who has all of them, for one of whom each is taken away in turn, and the command that
 * needs it. To create a topic is a right that nobody needs once it is there: there are an application with topics, and one without.
 */
final class LackingUsers {
    static final String CONSUMER_GROUP = "someone-elses";
    private static final TopicNames TOPICS = new TopicNames("jobwatch.");
    private static final TopicNames NEW_TOPICS = new TopicNames("new.");
    private static final String WITH_TOPICS = "lacking";
    private static final String WITHOUT = "fresh";

    private final SecuredCluster cluster;
    private final Path folder;
    private final Map<String, SecuredCluster.User> users = new HashMap<>();

    LackingUsers(SecuredCluster cluster, Path folder) {
        this.cluster = cluster;
        this.folder = folder;
    }

    /** {@return the guide's rights, by who needs them} */
    static Map<String, List<Right>> guide(String application, TopicNames topics) throws IOException {
        return new RightsGuide(application, topics).rows(CONSUMER_GROUP, List.of(topics.jobTransitions(), topics.jobErrorReports()));
    }

    /** {@return who, and which right: all of the table but the consumer's, and but what another one implies} */
    static Stream<Arguments> rights() throws IOException {
        return guide(WITH_TOPICS, TOPICS).entrySet().stream().filter(row -> !row.getKey().equals(RightsGuide.CONSUMER))
                .flatMap(row -> row.getValue().stream().filter(right -> !implied(right, row.getValue()))
                        .map(right -> right.operation() == AclOperation.CREATE ? ofWhatIsNotThere(right) : right)
                        .map(right -> Arguments.of(row.getKey(), right)));
    }

    private static boolean implied(Right right, List<Right> all) {
        return right.operation() == AclOperation.DESCRIBE && all.stream().anyMatch(other -> other.name().equals(right.name())
                && (other.operation() == AclOperation.READ || other.operation() == AclOperation.WRITE));
    }

    private static Right ofWhatIsNotThere(Right right) {
        return new Right(right.holder(), right.type(),
                right.name().replace(WITH_TOPICS, WITHOUT).replace(TOPICS.prefix(), NEW_TOPICS.prefix()), right.pattern(),
                right.operation());
    }

    SecuredCluster.User user(String holder) throws IOException, ExecutionException, InterruptedException {
        SecuredCluster.User known = users.get(holder);
        if (known != null) {
            return known;
        }
        Set<Right> all = new LinkedHashSet<>(guide(WITH_TOPICS, TOPICS).get(holder));
        all.addAll(guide(WITHOUT, holder.equals("setup") ? NEW_TOPICS : TOPICS).get(holder));
        SecuredCluster.User user = cluster.user("lacking-" + users.size(), all);
        for (Right right : all) {
            if (right.name().startsWith(WITH_TOPICS + "-") && right.operation() == AclOperation.CREATE) {
                cluster.create(right.name());
            }
        }
        users.put(holder, user);
        return user;
    }

    /** {@return the command that needs the right} */
    String[] command(String holder, SecuredCluster.User user, Right lacking) throws IOException {
        boolean nothingThere = lacking.operation() == AclOperation.CREATE;
        String role = holder.startsWith("role ") ? holder.substring("role ".length()) : "poll";
        String config = cluster.configHere(folder, nothingThere ? WITHOUT : WITH_TOPICS, user, role,
                nothingThere && holder.equals("setup") ? NEW_TOPICS : TOPICS);
        return switch (holder) {
            case "setup" -> new String[] {"setup", "-c", config};
            case "dead-letters list, show" -> new String[] {"dead-letters", "list", "-c", config};
            case "dead-letters replay" -> new String[] {"dead-letters", "replay", "--all", "-c", config};
            default -> new String[] {"run", "-c", config};
        };
    }
}
