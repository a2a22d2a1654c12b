package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jobwatch.query.View;
import java.time.Clock;

/** What went wrong, of all jobs: the failures and the alerts. */
final class TroubleRoutes {
    private final View view;
    private final Answers answers;
    private final Clock clock;

    TroubleRoutes(View view, Answers answers, Clock clock) {
        this.view = view;
        this.answers = answers;
        this.clock = clock;
    }

    void addTo(RoutesConfig routes) {
        Routes.get(routes, "/api/v1/failures", this::failures);
        Routes.get(routes, "/api/v1/alerts", this::alerts);
    }

    private void failures(Context context) {
        answers.page(context, view.failures(Parameters.failureQuery(context, clock)));
    }

    private void alerts(Context context) {
        answers.page(context, view.alerts(Parameters.alertQuery(context)));
    }
}
