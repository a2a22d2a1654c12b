package io.jobwatch.query.http;

import io.jobwatch.query.JobExplainer;
import io.jobwatch.query.View;
import io.jobwatch.query.stream.TransitionStream;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * What the server answers from.
 *
 * @param metrics what {@code /metrics} shows; gets the metrics of the view and of the answers, too
 */
public record Services(View view, JobExplainer explainer, TransitionStream stream, PrometheusMeterRegistry metrics) {
}
