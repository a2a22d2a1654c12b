package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.QueriedInstance.Answer;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.JobLoad.Change;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three instances of the packaged jar process one load and answer queries all the while, and worse and worse things happen to them and to
 * the broker. No answer is wrong, none is older than it says, an instance that nothing is done to refuses none, who follows the stream of
 * events from one to the next is told each change once, and in the end all of them agree with the topic and the load.
 */
final class ViewCampaign implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViewCampaign.class);
    private static final List<String> NAMES = List.of("one", "two", "three", "four");
    private static final String CALM = "calm";
    private static final int PARTITIONS = 6;
    private static final int EVENTS_PER_SECOND = 60;
    /** Of events, so that jobs change until the last fault is over. */
    private static final int SECONDS_PER_FAULT = 25;
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(180);
    private static final Duration AGREED_WITHIN = Duration.ofSeconds(120);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);
    private static final Duration CALM_FOR = Duration.ofMillis(1500);
    /** A view that is as young as this has read on since whatever happened. */
    private static final double FRESH_SECONDS = 2;

    /** What happens to an instance or to the broker. */
    enum Fault { KILL, JOIN_OR_LEAVE, HALT, BROKER }

    private final TopicNames topics = new TopicNames("jobwatch.");
    private final ViewLog log = new ViewLog();
    private final Map<String, Life> running = new TreeMap<>();
    private final Random random;
    private final ViewInstances instances;
    private final SchemaRegistry registry;
    private final ViewLoad load;
    private final TroubleLoad troubles;
    private final CommittedStatuses committed;
    private final ViewFollower follower;
    private JobwatchProcess cluster;

    /** A process that is asked. */
    private record Life(JobwatchProcess process, QueriedInstance asked, ViewQuestions questions) {
    }

    /**
     * Starts the broker.
     *
     * @param folder takes what all of them keep and print
     * @param seed   of what the jobs do, what is asked, and whom what strikes
     * @param faults so many the load has to last for
     */
    ViewCampaign(Path folder, long seed, int faults) throws IOException {
        random = new Random(seed);
        instances = new ViewInstances(folder);
        cluster = instances.launchCluster();
        cluster.awaitOutput("running report", START_WITHIN);
        registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(instances.registryUrl()), Map.of());
        TopicSchemas schemas = TopicSchemas.register(registry, TopicSpec.all(topics, PARTITIONS));
        load = new ViewLoad(instances.kafka(), topics.jobStateEvents(), schemas.encoder(topics.jobStateEvents()), seed,
                EVENTS_PER_SECOND * SECONDS_PER_FAULT * faults, EVENTS_PER_SECOND);
        troubles = new TroubleLoad(instances.kafka(), topics, schemas);
        committed = new CommittedStatuses(instances.kafka(), topics.jobStatus(), schemas.decoder(topics.jobStatus()));
        follower = new ViewFollower(load, log, random.nextLong());
    }

    /** Fails at a wrong answer or a silent gap. */
    void run(List<Fault> faults) throws Exception {
        for (String name : NAMES.subList(0, 3)) {
            launch(name);
        }
        awaitSettled();
        follower.start();
        await().atMost(SETTLED_WITHIN).until(follower::hasBegun);
        load.start();
        troubles.start();
        for (Fault fault : faults) {
            enter(CALM);
            LockSupport.parkNanos(CALM_FOR.toNanos());
            enter(fault.name());
            strike(fault);
            awaitSettled();
            assertThat(log.answers(fault.name())).as("answers during " + fault).isPositive();
        }
        enter("end");
        load.finish();
        await().atMost(AGREED_WITHIN).until(() -> committed.latest().size() == load.keys().size() && committed.latest().entrySet().stream()
                .allMatch(status -> status.getValue().getSequence() == load.path(status.getKey()).size()));
        awaitSettled();
        await().atMost(AGREED_WITHIN).untilAsserted(() -> assertThat(follower.missing()).as("changes that were not streamed").isEmpty());
        follower.close();
        assertThat(follower.moves()).as("instances that were followed").isGreaterThan(faults.size());
        running.values().forEach(life -> life.questions().close());
        for (Life life : running.values()) {
            assertAgrees(life.asked());
        }
        assertThat(log.wrong()).isEmpty();
        if (faults.contains(Fault.BROKER)) {
            assertThat(log.maxLagSeconds(Fault.BROKER.name())).as("age of a view without a broker").isGreaterThan(1);
        }
        for (Life life : running.values()) {
            life.process().terminate();
        }
        for (Life life : running.values()) {
            assertThat(life.process().awaitExit(EXIT_WITHIN)).as(life.process().output()).isZero();
        }
    }

    private void enter(String phase) {
        log.enter(phase);
        LOG.info("{}, {} instances run", phase, running.size());
    }

    private void strike(Fault fault) throws Exception {
        String victim = running.keySet().stream().toList().get(random.nextInt(running.size()));
        switch (fault) {
            case KILL -> {
                awaitFollowed(victim);
                Life life = running.remove(victim);
                life.asked().disturbed(true);
                life.process().kill();
                life.questions().close();
                launch(victim);   // at once, as a supervisor does
            }
            case JOIN_OR_LEAVE -> {
                if (running.size() < NAMES.size()) {
                    launch(NAMES.stream().filter(name -> !running.containsKey(name)).findFirst().orElseThrow());
                } else {
                    awaitFollowed(victim);
                    Life life = running.remove(victim);
                    life.asked().disturbed(true);
                    life.process().terminate();
                    assertThat(life.process().awaitExit(EXIT_WITHIN)).as(life.process().output()).isZero();
                    follower.remove(victim);
                    life.questions().close();
                }
            }
            case HALT -> {
                awaitFollowed(victim);
                Life life = running.get(victim);
                life.asked().disturbed(true);
                life.process().signal("STOP");
                park(3_000, 8_000);
                life.process().signal("CONT");
            }
            case BROKER -> {
                cluster.kill();
                park(1_000, 4_000);
                cluster = instances.launchCluster();
            }
        }
    }

    /** Lets the stream be read of whom something is about to happen to. */
    private void awaitFollowed(String name) {
        follower.moveTo(name);
        await().atMost(SETTLED_WITHIN).until(() -> follower.reads().equals(name));
    }

    private void park(int atLeastMillis, int lessThanMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(atLeastMillis, lessThanMillis));
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void launch(String name) throws IOException {
        QueriedInstance asked = new QueriedInstance(name, instances.port(name), log);
        JobwatchProcess process = instances.launch(name);
        running.put(name, new Life(process, asked, new ViewQuestions(asked, load, troubles, committed, log, random.nextLong())));
        follower.add(name, asked);
    }

    /** Returns when all that run answer from young views. From then on they may refuse nothing. */
    private void awaitSettled() {
        await().atMost(START_WITHIN.plus(SETTLED_WITHIN)).until(() -> {
            for (Life life : running.values()) {
                assertThat(life.process().isAlive()).as("%s lives; it printed:%n%s", life.asked().name(), life.process().output()).isTrue();
                if (!life.asked().ready()
                        || life.asked().ask("/api/v1/summary").map(Answer::lagSeconds).orElse(Double.MAX_VALUE) > FRESH_SECONDS) {
                    return false;
                }
            }
            return true;
        });
        running.values().forEach(life -> life.asked().disturbed(false));
    }

    /** Holds all that an instance says against the topic and the load. */
    private void assertAgrees(QueriedInstance instance) throws InterruptedException {
        Map<String, JsonNode> listed = new TreeMap<>();
        List<String> order = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = answer(instance, "/api/v1/jobs?limit=500&cursor=" + cursor);
            page.get("items").forEach(status -> {
                order.add(status.get("changedAt").asText() + " " + ViewQuestions.key(status));
                listed.put(ViewQuestions.key(status), status);
            });
            cursor = page.get("nextCursor").textValue();
        } while (cursor != null);
        assertThat(order).as("jobs of %s", instance.name()).hasSize(load.keys().size()).doesNotHaveDuplicates();
        assertThat(listed.keySet()).as("jobs of %s", instance.name()).isEqualTo(load.keys());
        listed.forEach((key, status) -> {
            JobStatus topic = committed.latest().get(key);
            Change last = load.path(key).get(load.path(key).size() - 1);
            assertThat(List.of(status.get("sequence").asLong(), status.get("state").asText(), status.get("attempt").asInt(),
                    status.get("changedAt").asText())).as("%s of %s", key, instance.name())
                    .isEqualTo(List.of(topic.getSequence(), topic.getState().name(), topic.getAttempt(), topic.getChangedAt().toString()))
                    .isEqualTo(List.of(last.sequence(), last.to().name(), last.attempt(), last.observedAt().toString()));
        });
        String oneKey = listed.keySet().stream().toList().get(random.nextInt(listed.size()));
        assertThat(answer(instance, "/api/v1/jobs/" + oneKey)).isEqualTo(listed.get(oneKey));
        Map<String, Map<JobState, Long>> counts = listed.values().stream().collect(Collectors.groupingBy(
                status -> status.get("source").asText(),
                Collectors.groupingBy(status -> JobState.valueOf(status.get("state").asText()), Collectors.counting())));
        JsonNode summary = answer(instance, "/api/v1/summary");
        assertThat(ViewQuestions.counts(summary)).as("summary of %s", instance.name()).isEqualTo(counts);
        assertThat(summary.get("jobs").asInt()).as("summary of %s", instance.name()).isEqualTo(listed.size());
        long failures = load.keys().stream().filter(key -> key.startsWith(ViewLoad.BUSY_SOURCE + "/"))
                .flatMap(key -> load.path(key).stream()).filter(change -> change.to() == JobState.ERROR).count();
        assertThat(failures(summary)).as("failures of %s", instance.name()).isEqualTo(failures);
        List<JsonNode> reports = new ArrayList<>();
        PagedAnswers.ask(instance, "/api/v1/failures?limit=500&source=" + ViewLoad.BUSY_SOURCE, 0, () -> false).orElseThrow()
                .forEach((report, page) -> reports.add(report));
        assertThat(reports).as("list of the failures of %s", instance.name()).hasSize((int) failures);
    }

    private static long failures(JsonNode summary) {
        for (JsonNode failure : summary.get("failures")) {
            if (failure.get("source").asText().equals(ViewLoad.BUSY_SOURCE)) {
                return failure.get("count").asLong();
            }
        }
        return 0;
    }

    private static JsonNode answer(QueriedInstance instance, String path) throws InterruptedException {
        return instance.ask(path).map(Answer::json)
                .orElseThrow(() -> new AssertionError(instance.name() + " has no answer to " + path + " in the end"));
    }

    @Override
    public void close() {
        LOG.info("{}the stream was read on {} connections", log.table(), follower.moves());
        log.wrong().forEach(LOG::error);   // also where something else failed
        // A halted process cannot be ended otherwise, and is ended by this.
        running.values().forEach(life -> {
            life.asked().disturbed(true);
            life.process().close();
            life.questions().close();
        });
        follower.close();
        load.close();
        troubles.close();
        committed.close();
        registry.close();
        cluster.close();
    }
}
