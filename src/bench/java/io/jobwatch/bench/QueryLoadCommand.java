package io.jobwatch.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;

/** The child that asks. Does what each line of its standard input says, and ends with that. */
@Command(name = "query-load", hidden = true)
final class QueryLoadCommand implements Callable<Integer> {
    /** The command and its answer. */
    static final String LOAD = "load";

    @Override
    public Integer call() throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            System.out.println(load(Facts.parse(command)));
        }
        return 0;
    }

    /** With a rate each request has a planned moment, from which its latency counts; with a rate of 0 one follows the answer before. */
    private static Facts load(Facts what) throws Exception {
        int connections = (int) what.number("connections");
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long end = System.nanoTime() + what.number("millis") * 1_000_000;
            int rate = (int) what.number("rate");
            Pace pace = Pace.perSecond(rate == 0 ? 1 : rate);
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                int first = i;
                running.add(threads.submit(() -> ask(what, rate == 0 ? null : pace, first, end)));
            }
            long begin = System.nanoTime();
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> each : running) {
                all.add(each.get());
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            long[] nanos = all.stream().flatMapToLong(Arrays::stream).toArray();
            Latencies.Percentiles found = Latencies.Percentiles.of(nanos);
            return new Facts(LOAD, Map.of("requests", Integer.toString(nanos.length), "rps", Double.toString(nanos.length / seconds),
                    "p50", Double.toString(found.millis(0.5)), "p99", Double.toString(found.millis(0.99))));
        } catch (ExecutionException e) {
            throw new BenchException("asking failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdown();
        }
    }

    private static long[] ask(Facts what, Pace pace, int first, long end) {
        Question question = Question.valueOf(what.text("question"));
        int jobs = (int) what.number("jobs");
        int step = (int) what.number("connections");
        SplittableRandom random = new SplittableRandom(first);
        long[] nanos = new long[1 << 16];
        int count = 0;
        try (HttpConnection connection = new HttpConnection((int) what.number("port"))) {
            for (long moment = first; ; moment += step) {
                if (pace != null && pace.nanos(moment) < end) {
                    pace.await(moment);
                }
                long begin = pace == null ? System.nanoTime() : pace.nanos(moment);
                if (begin >= end) {
                    return Arrays.copyOf(nanos, count);
                }
                connection.get(question.path(random, jobs));
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count++] = System.nanoTime() - begin;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to " + question, e);
        }
    }
}
