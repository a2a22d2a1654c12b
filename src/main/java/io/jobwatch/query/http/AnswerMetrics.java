package io.jobwatch.query.http;

import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** Metrics of the answers given. */
final class AnswerMetrics {
    /** For all paths that lead nowhere: they are the client's to invent. */
    static final String OTHER = "other";
    private static final String CONSOLE = "console";
    private static final String BEGAN = "jobwatch.began";
    /** Seconds; what a page or a key takes, what a person notices, and what is an outage to a program. */
    private static final Duration[] BUCKETS = DoubleStream.of(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5)
            .mapToObj(seconds -> Duration.ofMillis(Math.round(seconds * 1000))).toArray(Duration[]::new);

    private final MeterRegistry metrics;
    private final Map<Answer, Timer> timers = new ConcurrentHashMap<>();

    /** @param route as it was added, or what stands for several: never the path of a request */
    private record Answer(String route, int status) {
    }

    AnswerMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void began(Context context) {
        context.attribute(BEGAN, System.nanoTime());
    }

    /**
     * Takes the time of an answer, once; {@link #began} begins anew where a request was made to wait for something. Counts by route and
     * status alone: paths hold ids, and each label value lives for ever.
     */
    void ended(Context context) {
        Long began = context.attribute(BEGAN);
        if (began != null) {
            context.attribute(BEGAN, null);
            timers.computeIfAbsent(new Answer(route(context), context.statusCode()), this::timer)
                    .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(Answer answer) {
        return Timer.builder("jobwatch.query.answers").description("Answers, with the time they took").tag("route", answer.route())
                .tag("status", Integer.toString(answer.status())).serviceLevelObjectives(BUCKETS).register(metrics);
    }

    private static String route(Context context) {
        Endpoint endpoint = context.endpoints().matchedHttpEndpoint();
        if (endpoint == null) {
            return OTHER;
        }
        return endpoint.path.equals("/") || endpoint.path.startsWith("/console/") ? CONSOLE : endpoint.path;
    }
}
