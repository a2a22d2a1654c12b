package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpResponseException;
import io.jobwatch.query.ViewUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what routes throw into problem documents. What nobody expected is logged, and the answer says no more than that. */
final class ErrorAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    private ErrorAnswers() {
    }

    static void addTo(RoutesConfig routes) {
        routes.exception(Problem.class, (problem, context) -> Answers.problem(context, problem));
        routes.exception(ViewUnavailableException.class, (e, context) ->
                Answers.problem(context, Problem.unavailable(e.getMessage() + "; try again soon", 1)));
        routes.exception(HttpResponseException.class, (e, context) -> Answers.problem(context,
                e.getStatus() == 404 ? Problem.of(404, "there is nothing at this path") : Problem.of(e.getStatus(), e.getMessage())));
        routes.exception(Exception.class, (e, context) -> {
            LOG.error("A request to {} failed", context.path(), e);
            Answers.problem(context, Problem.of(500, "the answer failed; the reason is in the log"));
        });
    }
}
