package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jobwatch.event.JobStatus;
import io.jobwatch.query.View;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topology.Explanation;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** What became of each observation of a job, and why. */
final class ExplainRoutes {
    private final View view;
    private final Explanations explanations;
    private final Answers answers;
    private final Executor requestThreads;

    /** @param requestThreads where answers are sent: who reads an answer slowly should not hold back other explanations */
    ExplainRoutes(View view, Explanations explanations, Answers answers, Executor requestThreads) {
        this.view = view;
        this.explanations = explanations;
        this.answers = answers;
        this.requestThreads = requestThreads;
    }

    void addTo(RoutesConfig routes) {
        Routes.get(routes, JobRoutes.JOB + "/explain", this::explain);
    }

    private void explain(Context context) {
        Parameters.of(context);
        JobKey key = JobRoutes.key(context);
        Optional<JobStatus> status = view.job(key);
        context.future(() -> explanations.explain(key, status).handleAsync((explanation, failure) -> {
            if (failure != null) {
                throw failure instanceof RuntimeException known ? known : new CompletionException(failure);
            }
            if (status.isEmpty() && isEmpty(explanation)) {
                throw JobRoutes.unknown(key);
            }
            answers.object(context, json -> ExplanationJson.write(json, explanation));
            return explanation;
        }, requestThreads));
    }

    /** Whether nobody saw the job, which is not known where there was no time to read it all. */
    private static boolean isEmpty(Explanation explanation) {
        return explanation.observations().isEmpty() && explanation.leftOut() == 0 && explanation.atEnd();
    }
}
