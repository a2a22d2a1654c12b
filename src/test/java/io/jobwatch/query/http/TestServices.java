package io.jobwatch.query.http;

import io.jobwatch.query.JobExplainer;
import io.jobwatch.query.View;
import io.jobwatch.query.stream.TransitionReader;
import io.jobwatch.query.stream.TransitionStream;
import io.jobwatch.query.stream.UnknownPositionException;
import io.jobwatch.topology.Explanation;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Services of which a test sets what it is about. */
final class TestServices {

    private TestServices() {
    }

    /** Nothing is left of any observation, and no transition happens. */
    static Services of(View view) {
        return of(view, (job, status) -> new Explanation(job, "t", 0, 0, 1, 1, List.of(), 0, true));
    }

    static Services of(View view, JobExplainer explainer) {
        return of(view, explainer, quietStream());
    }

    static Services of(View view, JobExplainer explainer, TransitionStream stream) {
        return new Services(view, explainer, stream, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    /** {@return a stream that knows the one id {@code 1}, tells it at the start, and ends then} */
    static TransitionStream quietStream() {
        return (filter, lastEventId, wakeUp) -> {
            if (lastEventId.filter(id -> !id.equals("1")).isPresent()) {
                throw new UnknownPositionException("it is damaged");
            }
            return new EndingReader();
        };
    }

    private static final class EndingReader implements TransitionReader {
        private final AtomicBoolean read = new AtomicBoolean();

        @Override
        public Optional<byte[]> next() {
            return read.getAndSet(true) ? Optional.empty() : Optional.of("id: 1\n\n".getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean ended() {
            return read.get();
        }

        @Override
        public void close() {
            read.set(true);
        }
    }
}
