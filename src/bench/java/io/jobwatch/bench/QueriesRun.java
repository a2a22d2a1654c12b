package io.jobwatch.bench;

import io.jobwatch.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The measurements for one number of jobs: fill the topics, start the view from them and from its own files, ask it beside the bare server,
 * then the same while events are processed, and last what asking costs those.
 */
final class QueriesRun implements AutoCloseable {
    private static final String APPLICATION = "queries";
    /** Jobs in a state, by the last digit of their number: 1 queued, 2 processing, the others ended. */
    private static final int[] LOOKS = {4, 0, 2, 4, 4, 4, 4, 4, 4, 4};
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = 20_000_000;

    private final Cluster cluster;
    private final Path folder;
    private final Settings settings;
    private final int jobs;
    private final Race race;
    private final int port = Ports.free();

    /**
     * What is the same for all sizes.
     *
     * @param jvmFlags    of the processes
     * @param rate        events a second
     * @param connections that ask at a time
     * @param rounds      of which the median counts
     * @param seconds     of each measurement
     * @param warmUp      seconds that are not counted, for each question and server
     * @param paced       requests a second of the mix that the stream is measured beside
     */
    record Settings(List<String> jvmFlags, int rate, int connections, int rounds, int seconds, int warmUp, int paced) {
    }

    /**
     * How the view started, and what it holds.
     *
     * @param firstSeconds   from starting the process without any file to being ready
     * @param againSeconds   the same with the files of the life before
     * @param heapBytes      after a collection
     * @param residentBytes  of the process, when all was measured
     */
    record Start(double firstSeconds, double againSeconds, long heapBytes, long residentBytes) {
    }

    /** Requests in a time; latencies in milliseconds. */
    record Speed(double perSecond, double p50, double p99) {
    }

    /**
     * A question's answers.
     *
     * @param bare of the bare server; empty where it has no answer
     */
    record Answers(List<Speed> view, List<Speed> bare) {
    }

    /**
     * What the stream did.
     *
     * @param beside      what was asked meanwhile
     * @param asked       requests a second
     * @param late        milliseconds from the planned moment of an event to its transition
     * @param clientMicros processor time of the topology for an event
     */
    record Stream(String beside, Speed asked, Latencies.Percentiles late, double clientMicros) {
    }

    /** @param still without events, by question; {@code busy} with them */
    record Result(Start start, Map<Question, Answers> still, Map<Question, Answers> busy, List<Stream> streams) {
    }

    QueriesRun(Cluster cluster, Path folder, Settings settings, int jobs) {
        this.cluster = cluster;
        this.folder = folder;
        this.settings = settings;
        this.jobs = jobs;
        this.race = new Race(cluster, folder, settings.jvmFlags());
    }

    Result run() {
        try (ChildProcess topology = race.start(Contestant.Kind.ROCKSDB, APPLICATION, APPLICATION,
                new Race.Start(0, Map.of(), List.of()))) {
            fill(topology);
            double first;
            try (ChildProcess viewer = viewer()) {
                first = awaitReady(viewer);
            }
            Progress.note(String.format("%,d jobs: first ready after %.1f s", jobs, first));
            try (ChildProcess viewer = viewer()) {
                double again = awaitReady(viewer);
                long heap = viewer.ask(new Facts(ViewerCommand.MEMORY, Map.of()), READY_WITHIN).number("heap");
                Progress.note(String.format("%,d jobs: ready again after %.1f s, heap %,d MiB", jobs, again, heap >> 20));
                return measure(topology, viewer, first, again, heap);
            }
        }
    }

    private Result measure(ChildProcess topology, ChildProcess viewer, double first, double again, long heap) {
        try (ChildProcess bare = bareServer();
             ChildProcess client = ChildProcess.start("the client", folder.resolve("client.log"),
                     List.of("-XX:+UseSerialGC", "-Xmx256m"), List.of("query-load"))) {
            int barePort = (int) bare.await(BareServerCommand.READY, READY_WITHIN).number("port");
            Map<Question, Answers> still = ask(client, barePort);
            Map<Question, Answers> busy;
            List<Stream> streams = new ArrayList<>();
            try (SteadyEvents events = new SteadyEvents(cluster, settings.rate(), jobs)) {
                busy = ask(client, barePort);
                streams.add(stream(topology, events, client, "nothing", null, 0));
                streams.add(stream(topology, events, client, "a mix", Question.MIX, settings.paced()));
                streams.add(stream(topology, events, client, "by key, one after another", Question.BY_KEY, 0));
            }
            return new Result(new Start(first, again, heap, viewer.residentBytes()), still, busy, streams);
        }
    }

    private void fill(ChildProcess topology) {
        Workload workload = Workload.recent();
        try (Loader loader = new Loader(cluster, 10, true)) {
            for (int job = 0; job < jobs; job++) {
                loader.send(workload.event(job, LOOKS[job % LOOKS.length]));
            }
            loader.flush();
        }
        race.awaitCommitted(topology, APPLICATION, jobs);
        Progress.note(String.format("%,d jobs: the topics are filled", jobs));
    }

    private ChildProcess viewer() {
        Path config = folder.resolve("viewer.yaml");
        try {
            Files.writeString(config, """
                    application-id: viewer
                    data-dir: %s
                    roles: [query]
                    kafka: {bootstrap-servers: "%s"}
                    schema-registry: {url: "%s"}
                    topics: {prefix: "%s", partitions: %d}
                    query: {port: %d}
                    """.formatted(viewerDir(folder), cluster.bootstrap(), cluster.registryUrl(), cluster.topics().prefix(),
                    cluster.partitions(), port));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + config, e);
        }
        return ChildProcess.start("the viewer", folder.resolve("viewer.log"), settings.jvmFlags(),
                List.of("viewer", "--config", config.toString()));
    }

    /** {@return the folder of the view's files, under the folder of a run} */
    static Path viewerDir(Path folder) {
        return folder.resolve("viewer");
    }

    /** {@return the seconds until the process just started can answer} */
    private double awaitReady(ChildProcess viewer) {
        long begin = System.nanoTime();
        while (!ready()) {
            viewer.requireAlive();
            if (System.nanoTime() - begin > READY_WITHIN.toNanos()) {
                throw new BenchException("the view is not ready after " + READY_WITHIN.toSeconds() + " s; its log is in " + folder);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private boolean ready() {
        try (HttpConnection connection = new HttpConnection(port)) {
            connection.get("/health/ready");
            return true;
        } catch (IOException | BenchException e) {
            return false;   // it does not listen, or is not ready
        }
    }

    /** Its answers are the view's own. */
    private ChildProcess bareServer() {
        List<String> arguments = new ArrayList<>(List.of("bare-server"));
        try (HttpConnection connection = new HttpConnection(port)) {
            for (Question question : Question.values()) {
                if (question.hasBareAnswer()) {
                    byte[] body = connection.body(question.path(new SplittableRandom(1), jobs));
                    Path file = Files.write(folder.resolve("answer-" + question), body);
                    Progress.note(String.format("%,d jobs: %s is answered with %,d bytes", jobs, question.title(), body.length));
                    arguments.addAll(List.of("--answer", question + "=" + file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to keep", e);
        }
        return ChildProcess.start("the bare server", folder.resolve("bare-server.log"), settings.jvmFlags(), arguments);
    }

    private Map<Question, Answers> ask(ChildProcess client, int barePort) {
        Map<Question, Answers> found = new EnumMap<>(Question.class);
        List<Question> questions = List.of(Question.BY_KEY, Question.LIST, Question.SUMMARY, Question.NAME);
        for (Question question : questions) {
            found.put(question, new Answers(new ArrayList<>(), new ArrayList<>()));
            if (settings.warmUp() > 0) {
                load(client, port, question, 0, settings.warmUp());
            }
            if (settings.warmUp() > 0 && question.hasBareAnswer()) {
                load(client, barePort, question, 0, settings.warmUp());
            }
        }
        for (int round = 0; round < settings.rounds(); round++) {
            for (Question question : questions) {
                if (round % 2 == 1 && question.hasBareAnswer()) {
                    found.get(question).bare().add(load(client, barePort, question, 0, settings.seconds()));
                }
                found.get(question).view().add(load(client, port, question, 0, settings.seconds()));
                if (round % 2 == 0 && question.hasBareAnswer()) {
                    found.get(question).bare().add(load(client, barePort, question, 0, settings.seconds()));
                }
            }
        }
        found.forEach((question, answers) -> Progress.note(String.format("%,d jobs: %s: %s, bare %s", jobs, question.title(),
                answers.view(), answers.bare())));
        return found;
    }

    private Speed load(ChildProcess client, int toPort, Question question, int rate, int seconds) {
        Facts found = client.ask(new Facts(QueryLoadCommand.LOAD, Map.of("port", Integer.toString(toPort), "question", question.name(),
                "jobs", Integer.toString(jobs), "connections", Integer.toString(settings.connections()), "rate", Integer.toString(rate),
                "millis", Long.toString(seconds * 1000L))), READY_WITHIN);
        return new Speed(Double.parseDouble(found.text("rps")), Double.parseDouble(found.text("p50")),
                Double.parseDouble(found.text("p99")));
    }

    private Stream stream(ChildProcess topology, SteadyEvents events, ChildProcess client, String beside, Question question, int rate) {
        int seconds = settings.rounds() * settings.seconds();
        int from = events.sent();
        Duration cpu = topology.cpu();
        Speed asked = null;
        if (question == null) {
            LockSupport.parkNanos(seconds * 1_000_000_000L);
        } else {
            asked = load(client, port, question, rate, seconds);
        }
        int to = events.sent();
        double micros = topology.cpu().minus(cpu).toNanos() / 1e3 / (to - from);
        Stream found = new Stream(beside, asked, events.late(from, to), micros);
        Progress.note(String.format("%,d jobs, %s asked: transitions %.0f ms (p50), %.0f ms (p99), %.0f µs of processor time each",
                jobs, beside, found.late().millis(0.5), found.late().millis(0.99), micros));
        return found;
    }

    /** Removes what it kept. */
    @Override
    public void close() {
        Folders.delete(viewerDir(folder));
        Folders.delete(race.stateDir(APPLICATION));
    }
}
