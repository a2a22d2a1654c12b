package io.jobwatch.config;

import java.util.Optional;

/** Reads {@code request-limit} of a source. */
final class RequestLimitReader {
    /** Less than one request in a quarter of an hour is a slip, and would look like a source that hangs. */
    private static final double LOWEST = 0.001;
    private static final double HIGHEST = 100_000;
    private static final Kind<Double> PER_SECOND =
            new Kind<>("requests a second, a number above 0 (0.001 to 100000) such as 5 or 0.5", RequestLimitReader::perSecond);
    private static final Kind<Boolean> PER_HOST =
            new Kind<>("source (a limit of its own) or host (one limit for all sources at the same host and port that say so)",
                    text -> text.matches("source|host") ? Optional.of(text.equals("host")) : Optional.empty());

    private RequestLimitReader() {
    }

    static Optional<RequestLimit> read(Fields limit) {
        Optional<Double> perSecond = limit.required("per-second", PER_SECOND);
        boolean perHost = limit.optional("per", PER_HOST).orElse(false);
        limit.finish();
        return perSecond.map(rate -> new RequestLimit(rate, perHost));
    }

    private static Optional<Double> perSecond(String text) {
        return text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?")
                ? Optional.of(Double.valueOf(text)).filter(rate -> rate >= LOWEST && rate <= HIGHEST)
                : Optional.empty();
    }
}
