package io.jobwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DoctorTest {
    private final List<Examined> told = new ArrayList<>();
    private final Doctor doctor = new Doctor(subject -> { }, told::add);

    private record Failing(Exception failure) implements Examination {
        @Override
        public String subject() {
            return "x";
        }

        @Override
        public Result examine() throws Exception {
            throw failure;
        }
    }

    @Test
    void shouldGoOnAfterALookThatFails() throws Exception {
        doctor.examine(new Failing(new IllegalStateException("broken")));
        doctor.examine(new Failing(new TopicAuthorizationException(Set.of("jobwatch.job-alerts"))));

        assertThat(told).extracting(Examined::state).containsOnly(Examined.State.WARN);
        assertThat(told.get(0).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.ailment()).isEqualTo(Ailment.LOOK_FAILED);
            assertThat(finding.found()).isEqualTo("broken");
        });
        assertThat(told.get(1).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.ailment()).isEqualTo(Ailment.LOOK_DENIED);
            assertThat(finding.expected()).contains("READ", "the topic jobwatch.job-alerts");
        });
    }

    @Test
    void shouldNotWaitForALookThatDoesNotEnd() {
        CountDownLatch never = new CountDownLatch(1);

        assertThatThrownBy(() -> new TimeLimit(Duration.ofMillis(50)).call("x", () -> {
            never.await();
            return null;
        })).isInstanceOf(TimeoutException.class).hasMessageContaining("it took longer than");
    }

    @Test
    void shouldLookAtAllInTurnAndJudgeAtTheEnd() throws Exception {
        List<String> events = new ArrayList<>();
        Watch<Integer> counting = new Watch<>() {
            private int looks;

            @Override
            public String subject() {
                return "counting";
            }

            @Override
            public Integer look() {
                events.add("look");
                return ++looks;
            }

            @Override
            public Result judge(List<Integer> all) {
                return new Result(all.toString(), List.of());
            }
        };

        doctor.watch(List.of(counting), 3, left -> events.add("pause, " + left + " left"));

        assertThat(events).containsExactly("look", "pause, 2 left", "look", "pause, 1 left", "look");
        assertThat(told).singleElement().satisfies(examined -> assertThat(examined.summary()).isEqualTo("[1, 2, 3]"));
    }

    /** A rebalance that is over at one of the looks is no trouble, however often it is not. */
    @Test
    void shouldTakeARebalanceForStuckOnlyIfNoLookShowsItsEnd() throws Exception {
        Deployment deployment = deployment("roles: [report]");
        GroupsWatch watch = new GroupsWatch(deployment, null);
        GroupLook stable = new GroupLook(true, GroupState.STABLE, 1);
        GroupLook preparing = new GroupLook(true, GroupState.PREPARING_REBALANCE, 2);
        GroupLook completing = new GroupLook(true, GroupState.COMPLETING_REBALANCE, 2);

        assertThat(judge(watch, preparing, stable, preparing)).isEmpty();
        assertThat(judge(watch, GroupLook.ABSENT, preparing, stable)).isEmpty();
        assertThat(judge(watch, preparing, completing, preparing)).singleElement()
                .satisfies(finding -> assertThat(finding.found()).startsWith("PreparingRebalance, then CompletingRebalance at 3 looks"));
        assertThat(judge(watch, GroupLook.ABSENT, GroupLook.ABSENT)).extracting(Finding::ailment).containsExactly(Ailment.NO_MEMBERS);
    }

    @Test
    void shouldHideSecretsOfTheClientsSettings() throws Exception {
        Deployment deployment = deployment("""
                roles: [report]
                kafka:
                  bootstrap-servers: "127.0.0.1:9"
                  properties:
                    ssl.truststore.password: truststore-secret
                    sasl.jaas.config: 'x required username="alice" password="jaas-secret";'
                schema-registry: {url: "http://127.0.0.1:9", properties: {basic.auth.user.info: "bob:registry-secret"}}
                """);
        Finding finding = Finding.fail(Ailment.LOOK_FAILED, "alice", "no jaas-secret", "truststore-secret", "bob:registry-secret or "
                + "registry-secret");

        Examined hidden = new SecretWords(deployment.config()).hide(Examined.of("x", new Result("jaas-secret", List.of(finding))));

        assertThat(hidden.toString()).doesNotContain("-secret").contains("alice", "no ******");
    }

    /** Each kind of finding has a section with what to do, and there is no section on anything else. */
    @Test
    void shouldHaveASectionOnThePageForEachKindOfFinding() throws Exception {
        Matcher heading = Pattern.compile("(?m)^### ([a-z-]+)$").matcher(Files.readString(Path.of("ops/doctor.md")));
        List<String> sections = new ArrayList<>();
        while (heading.find()) {
            sections.add(heading.group(1));
        }

        assertThat(sections).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(sections)).isEqualTo(new TreeSet<>(Arrays.stream(Ailment.values()).map(Ailment::word).toList()));
    }

    private static List<Finding> judge(GroupsWatch watch, GroupLook... looks) {
        return watch.judge(Arrays.stream(looks).map(look -> Map.of("jobwatch-report", look)).toList()).findings();
    }

    private static Deployment deployment(String yaml) throws Exception {
        Path file = Files.createTempFile("doctor", ".yaml");
        try {
            Files.writeString(file, yaml);
            return new Deployment(ConfigLoader.load(file, Map.<String, String>of()::get));
        } finally {
            Files.delete(file);
        }
    }
}
