package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.cli.CommittedEvents.Published;
import io.jobwatch.cli.ServiceSource.Overlap;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two or three instances of the packaged jar share the polling of fifty sources whose jobs change all the time, and worse and worse things
 * happen to them. In the end a reader of committed events has found no event twice and none missing, and no source was asked twice at a
 * time, but for the one request that a process may still send after it was halted for so long that others took its sources over.
 */
final class PollCampaign implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PollCampaign.class);
    private static final int SOURCES = 50;
    private static final int PARTITIONS = 6;
    /** Its jobs change all at once: a transaction that takes long enough to be hit. */
    private static final String BULK = "bulk";
    private static final int BULK_JOBS = 700;
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    /** A halted or killed instance is noticed after ten seconds. */
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(60);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);
    private static final Duration HIT_WITHIN = Duration.ofSeconds(90);
    private static final Duration AGREED_WITHIN = Duration.ofSeconds(90);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);
    private static final int MAX_SHOWN = 30;

    /** What happens to an instance. */
    enum Fault { KILL_IN_POLL, KILL_IN_COMMIT, KILL_ANY_TIME, HALT_IN_POLL, HALT_IN_COMMIT, TERMINATE, JOIN_OR_LEAVE }

    private final TopicNames topics = new TopicNames("jobwatch.");
    private final Map<String, JobwatchProcess> running = new LinkedHashMap<>();
    private final List<WakeUp> wakeUps = new ArrayList<>();
    private final List<JobwatchProcess> started = new ArrayList<>();
    private final Random random;
    private final EmbeddedRegistry embeddedRegistry;
    private final SchemaRegistry registry;
    private final Admin admin;
    private final PollGroup group;
    private final ChangingService service;
    private final CommittedEvents events;
    private final PollInstances instances;

    /**
     * @param bootstrapServers of an empty cluster
     * @param folder           takes what the instances keep and print
     * @param seed             of what the jobs do, how long answers take, and whom what strikes
     */
    PollCampaign(String bootstrapServers, Path folder, long seed) throws IOException {
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
        this.random = new Random(seed);
        this.embeddedRegistry = EmbeddedRegistry.start(kafka, "127.0.0.1", 0);
        this.registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(embeddedRegistry.url()), Map.of());
        this.admin = Admin.create(kafka);
        List<TopicSpec> specs = TopicSpec.all(topics, PARTITIONS);
        new TopicSetup(admin, specs).createAndVerify();
        TopicSchemas schemas = TopicSchemas.register(registry, specs);
        this.group = new PollGroup(admin, PollInstances.APPLICATION_ID);
        Map<String, ChangingJobs> jobs = IntStream.range(1, SOURCES).mapToObj(i -> "source-" + i).collect(Collectors.toMap(name -> name,
                name -> ChangingJobs.scripted(name, seed, System.nanoTime())));
        jobs.put(BULK, ChangingJobs.together(BULK, BULK_JOBS));
        this.service = new ChangingService(jobs, seed);
        this.events = new CommittedEvents(kafka, topics.jobStateEvents(), schemas.decoder(topics.jobStateEvents()),
                event -> service.sources().get(event.source()).published(event.jobId(), event.version()));
        this.instances = new PollInstances(folder, bootstrapServers, embeddedRegistry.url(), service);
    }

    /** Fails where an event is missing, or there twice, or a source was asked by two at a time. */
    void run(int atFirst, List<Fault> faults) throws Exception {
        for (int i = 0; i < atFirst; i++) {
            launch();
        }
        awaitSettled();
        for (Fault fault : faults) {
            LOG.info("{} with {} instances", fault, running.size());
            strike(fault);
            awaitSettled();
        }
        service.sources().values().forEach(ServiceSource::finish);
        await().atMost(AGREED_WITHIN).untilAsserted(() -> assertThat(disagreements(PollTruth::unfinished)).isEmpty());
        awaitPolls(2);
        terminate();
        launch();   // it knows all of it, and has nothing to tell
        awaitPolls(2);
        terminate();
        events.close();
        check();
    }

    private void strike(Fault fault) throws Exception {
        String victim = switch (fault) {
            case KILL_IN_COMMIT, HALT_IN_COMMIT, KILL_ANY_TIME -> running.keySet().stream()
                    .filter(instance -> polledBy(instance).contains(BULK)).findAny().orElseThrow();
            default -> running.keySet().stream().sorted().toList().get(random.nextInt(running.size()));
        };
        Set<String> its = polledBy(victim);
        switch (fault) {
            case KILL_IN_POLL -> {
                holdAPoll(victim);
                kill(victim, its);
            }
            case KILL_IN_COMMIT -> {
                haltInCommit(victim);
                kill(victim, its);
            }
            case KILL_ANY_TIME -> {
                service.sources().get(BULK).changeAll();
                // Between the answer to the next poll and some time after its commit.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1500)));
                kill(victim, its);
            }
            case HALT_IN_POLL -> {
                holdAPoll(victim);
                running.get(victim).signal("STOP");
                service.release(victim);   // the answer waits for it
                awaken(victim, its, System.nanoTime());
            }
            case HALT_IN_COMMIT -> {
                haltInCommit(victim);
                awaken(victim, its, System.nanoTime());
            }
            case TERMINATE -> {
                leave(victim, its);
                launch();
            }
            case JOIN_OR_LEAVE -> {
                if (running.size() < 3) {
                    launch();
                } else {
                    leave(victim, its);
                }
            }
        }
    }

    /** Returns while the service has requests of the instance in hand. */
    private void holdAPoll(String victim) {
        int more = random.nextInt(5);
        service.hold(victim);
        await().atMost(HIT_WITHIN).until(() ->
                service.sources().values().stream().mapToInt(source -> source.openFrom(victim)).sum() > more);
    }

    /** Halts an instance in the middle of a transaction, or (which can only be told afterwards) just after its end. */
    private void haltInCommit(String victim) {
        JobwatchProcess process = running.get(victim);
        await().atMost(HIT_WITHIN).pollInterval(Duration.ofMillis(1)).until(() -> {
            service.sources().get(BULK).changeAll();
            await().atMost(HIT_WITHIN).pollInterval(Duration.ofMillis(1)).until(() -> group.writes(BULK));
            process.signal("STOP");
            boolean hit = group.writes(BULK);
            if (hit || random.nextInt(5) == 0) {
                LOG.info("{} is halted {} a transaction", victim, hit ? "in" : "after");
                return true;
            }
            process.signal("CONT");
            return false;
        });
    }

    /** Another one is started in its place at once, as a supervisor does. */
    private void kill(String victim, Set<String> its) throws Exception {
        long at = System.nanoTime();
        running.remove(victim).kill();
        service.release(victim);
        launch();
        awaitTakenOver(victim, its, at, "killed");
    }

    private void awaken(String victim, Set<String> its, long haltedAt) throws Exception {
        JobwatchProcess process = running.remove(victim);
        awaitTakenOver(victim, its, haltedAt, "halted");
        awaitSettled();
        wakeUps.add(new WakeUp(victim, System.nanoTime()));
        running.put(victim, process);
        process.signal("CONT");
    }

    private void leave(String victim, Set<String> its) throws Exception {
        long at = System.nanoTime();
        JobwatchProcess process = running.remove(victim);
        process.terminate();
        awaitTakenOver(victim, its, at, "asked to end");
        assertThat(process.awaitExit(EXIT_WITHIN)).as(process.output()).isZero();
    }

    private void awaitTakenOver(String victim, Set<String> its, long since, String what) {
        List<Long> millis = new ArrayList<>();
        await().atMost(TAKEN_OVER_WITHIN).until(() -> {
            millis.clear();
            its.forEach(name -> service.sources().get(name).requestsSince(since).stream()
                    .filter(request -> !request.instance().equals(victim)).findFirst()
                    .ifPresent(request -> millis.add(TimeUnit.NANOSECONDS.toMillis(request.begun() - since))));
            return millis.size() == its.size();
        });
        List<Long> sorted = millis.stream().sorted().toList();
        LOG.info("{} was {}: its {} sources were polled by others after {} to {} ms, half of them within {} ms", victim, what, its.size(),
                sorted.get(0), sorted.get(sorted.size() - 1), sorted.get(sorted.size() / 2));
    }

    private void launch() throws IOException {
        String name = instances.next();
        JobwatchProcess process = instances.launch();
        started.add(process);
        running.put(name, process);
    }

    /** Returns when all instances that run are members of the group, each polls some sources, and all sources are polled. */
    private void awaitSettled() {
        long[] since = {System.nanoTime()};
        await().atMost(START_WITHIN.plus(SETTLED_WITHIN)).until(() -> {
            if (!group.settled(running.size())) {
                since[0] = System.nanoTime();
            }
            return service.sources().values().stream().noneMatch(source -> source.requestsSince(since[0]).isEmpty())
                    && running.keySet().stream().noneMatch(instance -> polledBy(instance).isEmpty());
        });
    }

    private void awaitPolls(int number) {
        long since = System.nanoTime();
        await().atMost(SETTLED_WITHIN).until(() -> service.sources().values().stream().allMatch(source -> source.requestsSince(since)
                .stream().filter(request -> request.kind() == ServiceRequest.Kind.LISTING).count() > number));
    }

    private Set<String> polledBy(String instance) {
        return service.sources().entrySet().stream().filter(source -> {
            List<ServiceRequest> requests = source.getValue().requests();
            return !requests.isEmpty() && requests.get(requests.size() - 1).instance().equals(instance);
        }).map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private void terminate() throws Exception {
        running.values().forEach(JobwatchProcess::terminate);
        for (JobwatchProcess process : running.values()) {
            assertThat(process.awaitExit(EXIT_WITHIN)).as(process.output()).isZero();
        }
        running.clear();
    }

    private void check() throws IOException {
        List<Published> all = events.all();
        LOG.info("{} events of {} requests", all.size(),
                service.sources().values().stream().mapToInt(source -> source.requests().size()).sum());
        assertThat(disagreements(PollTruth::disagreements)).as("events against what the service answered").isEmpty();
        assertThat(lateRequests()).as("requests of a woken instance for a source of others, each more than one").isEmpty();
        assertThat(overlapsOfTheLiving()).as("requests for a source at the same time").isEmpty();
        for (JobwatchProcess process : started) {
            assertThat(process.output()).doesNotContain("polling stopped by a bug", "polling failed unexpectedly");
        }
    }

    private List<String> disagreements(BiFunction<ServiceSource, List<Published>, List<String>> check) {
        Map<String, List<Published>> bySource = events.all().stream().collect(Collectors.groupingBy(Published::source));
        return service.sources().entrySet().stream()
                .flatMap(source -> check.apply(source.getValue(), bySource.getOrDefault(source.getKey(), List.of())).stream())
                .limit(MAX_SHOWN).toList();
    }

    /** {@return requests at the same time, but for the first one that a woken instance sent} */
    private List<Overlap> overlapsOfTheLiving() {
        return service.sources().values().stream().flatMap(source -> source.overlaps().stream())
                .filter(overlap -> !firstAfterWakeUp(overlap.earlier()) && !firstAfterWakeUp(overlap.later())).toList();
    }

    private boolean firstAfterWakeUp(ServiceRequest request) {
        return wakeUps.stream().anyMatch(wakeUp -> wakeUp.first(request, service.sources().get(request.source())));
    }

    /** {@return the requests of a woken instance for a source of others, where it sent more than one} */
    private List<List<ServiceRequest>> lateRequests() {
        List<List<ServiceRequest>> late = wakeUps.stream()
                .flatMap(wakeUp -> service.sources().values().stream().map(wakeUp::late)).toList();
        LOG.info("after {} wake-ups {} requests came for sources of others", wakeUps.size(), late.stream().mapToInt(List::size).sum());
        return late.stream().filter(requests -> requests.size() > 1).toList();
    }

    @Override
    public void close() throws IOException {
        // A halted process cannot be ended otherwise, and is ended by this.
        started.forEach(JobwatchProcess::close);
        events.close();
        service.close();
        admin.close();
        registry.close();
        embeddedRegistry.close();
    }
}
