package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.query.View;
import io.jobwatch.report.ReportText;
import io.jobwatch.topic.JobKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Jobs: the list, one of them, and why one stopped. */
final class JobRoutes {
    static final String JOB = "/api/v1/jobs/{source}/{jobId}";

    private final View view;
    private final Answers answers;
    private final Clock clock;
    private final JobWaits waits;
    private final AnswerMetrics metrics;

    JobRoutes(View view, Answers answers, Clock clock, JobWaits waits, AnswerMetrics metrics) {
        this.view = view;
        this.answers = answers;
        this.clock = clock;
        this.waits = waits;
        this.metrics = metrics;
    }

    void addTo(RoutesConfig routes) {
        Routes.get(routes, "/api/v1/jobs", this::list);
        Routes.get(routes, JOB, this::job);
        Routes.get(routes, JOB + "/report", this::report);
    }

    private void list(Context context) {
        answers.page(context, view.jobs(Parameters.jobQuery(context, clock)));
    }

    private void job(Context context) {
        Parameters parameters = Parameters.of(context, "wait", "sequence");
        Optional<Duration> within = parameters.waitTime();
        OptionalLong sequence = parameters.sequence();
        JobKey key = key(context);
        if (within.isEmpty()) {
            answer(context, key, view.job(key));
            return;
        }
        CompletableFuture<Optional<JobStatus>> wait = waits.begin(key, sequence, within.get()).orElseThrow(() ->
                Problem.unavailable("too many wait for jobs already; try again soon, or ask without wait", 5));
        context.future(() -> wait.thenAccept(status -> {
            metrics.began(context);
            answers.prepare(context);   // the view is as old as it is now, not as when the wait began
            answer(context, key, status);
        }));
    }

    private void answer(Context context, JobKey key, Optional<JobStatus> status) {
        JobStatus known = status.orElseThrow(() -> unknown(key));
        answers.object(context, json -> Json.writeFields(json, known));
    }

    private void report(Context context) {
        OptionalInt attempt = Parameters.of(context, "attempt").attempt();
        JobKey key = key(context);
        JobErrorReport report = view.report(key, attempt)
                .orElseThrow(() -> view.job(key).isEmpty() ? unknown(key) : withoutReport(key, attempt));
        context.header("Vary", "Accept");
        if (Accept.prefersJson(context.header("Accept"))) {
            answers.object(context, json -> Json.writeFields(json, report));
        } else {
            context.contentType("text/plain; charset=utf-8").result(ReportText.render(report));
        }
    }

    /** Path parameters come decoded, so an id may hold whatever it likes. */
    static JobKey key(Context context) {
        return new JobKey(context.pathParam("source"), context.pathParam("jobId"));
    }

    private static Problem withoutReport(JobKey key, OptionalInt attempt) {
        return Problem.of(404, attempt.isPresent()
                ? "attempt " + attempt.getAsInt() + " of the job " + key + " has no report: it did not stop in ERROR or CANCELED"
                : "the job " + key + " has no report: none of its attempts stopped in ERROR or CANCELED");
    }

    static Problem unknown(JobKey key) {
        return Problem.of(404, "no job " + key + " is known; it may not have been seen yet, or be forgotten");
    }
}
