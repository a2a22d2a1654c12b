package io.jobwatch.topic.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.Role;
import io.jobwatch.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rights that the code asks for are those that the guide names. */
class RightsTest {
    private static final String APPLICATION = "watch-7";
    private static final TopicNames TOPICS = new TopicNames("seven.");

    private final Map<String, List<Right>> guide = new RightsGuide(APPLICATION, TOPICS).rows("own", List.of("seven.job-transitions"));
    private final Rights rights = new Rights(APPLICATION, TOPICS);

    RightsTest() throws IOException {
    }

    @Test
    void shouldNeedInEachRoleWhatTheGuideNames() {
        for (Role role : Role.values()) {
            assertThat(rights.of(role)).containsExactlyInAnyOrderElementsOf(guide.get("role " + role.word()));
        }
    }

    @Test
    void shouldNeedInEachCommandWhatTheGuideNames() {
        assertThat(rights.ofSetup()).containsExactlyInAnyOrderElementsOf(guide.get("setup"));
        assertThat(rights.ofReplay()).containsExactlyInAnyOrderElementsOf(guide.get("dead-letters replay"));
        assertThat(rights.ofDeadLetters()).extracting(Right::name, Right::operation).containsExactlyInAnyOrderElementsOf(
                guide.get("dead-letters list, show").stream().map(right -> org.assertj.core.groups.Tuple.tuple(right.name(),
                        right.operation())).toList());
    }

    /** The page on migration tells them. */
    @Test
    void shouldNeedForASeedingToWriteOnlyWhatIsCarriedOver() {
        List<Right> needed = rights.ofSeed(List.of(TOPICS.jobAlerts()));

        assertThat(needed).filteredOn(right -> right.operation() == AclOperation.WRITE).extracting(Right::resource)
                .containsExactlyInAnyOrder("transactional id watch-7-seed", "topic seven.job-status", "topic seven.poll-cursors",
                        "topic seven.source-status", "topic seven.job-alerts", "topic watch-7-job-status-changelog",
                        "topic watch-7-source-alerts-changelog");
        assertThat(needed).filteredOn(right -> right.operation() == AclOperation.CREATE).hasSize(TOPICS.all().size() + 2);
        assertThat(rights.ofSeeded()).extracting(Right::operation).containsOnly(AclOperation.READ, AclOperation.DESCRIBE);
    }

    /** Only what is shown on the console is read from there. */
    @Test
    void shouldNotNeedTransitionsForReportsWhereTheConsoleIsOff(@TempDir Path folder) throws IOException {
        Right read = Right.onTopic("role report", "jobwatch.job-transitions", AclOperation.READ);

        assertThat(Rights.of(config(folder, "roles: [report]"))).contains(read);
        assertThat(Rights.of(config(folder, "roles: [report]\nreport: {console: off}"))).doesNotContain(read);
    }

    private static JobwatchConfig config(Path folder, String yaml) throws IOException {
        return ConfigLoader.load(Files.writeString(folder.resolve("jobwatch.yaml"), yaml), Map.<String, String>of()::get);
    }

    @Test
    void shouldKnowEachRowOfTheGuide() {
        assertThat(guide).containsOnlyKeys("a consumer", "role poll", "role process", "role report", "role query", "setup",
                "dead-letters list, show", "dead-letters replay");
        assertThat(guide.values()).noneMatch(List::isEmpty);
        assertThat(guide.get("role process")).extracting(Right::resource).contains("topic watch-7-job-status-changelog",
                "topic watch-7-source-alerts-changelog", "transactional ids watch-7-*", "group watch-7");
    }
}
