package io.jobwatch.source;

import io.jobwatch.config.RequestLimit;
import io.jobwatch.config.SourceConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all requests of an instance have to pass: the limits of the sources, one of their own or one that those at the same host and port
 * share, and the pauses that services ask for. It outlives the sources, so that a source that is made anew begins with no full bucket.
 * Thread-safe.
 *
 * <p>Each instance keeps to the limits by itself. A source is polled by one instance at a time, so that its own limit holds; sources that
 * share one and are polled by different instances send the limit each.
 */
public final class RequestLimits {

    /** Told of each request of a source that has a limit, when its turn has come. */
    @FunctionalInterface
    public interface Waits {
        void waited(String source, Duration wait);
    }

    private final Map<String, Double> lowestByHost = new HashMap<>();
    private final Map<String, Turnstile> turnstiles = new ConcurrentHashMap<>();
    private final Waits waits;
    private final Ticker ticker;

    /** @param sources those whose limits count where they are shared */
    public RequestLimits(List<SourceConfig> sources, Waits waits) {
        this(sources, waits, Ticker.SYSTEM);
    }

    /** As {@link #RequestLimits(List, Waits)}, by another time than the machine's. */
    public RequestLimits(List<SourceConfig> sources, Waits waits, Ticker ticker) {
        this.waits = waits;
        this.ticker = ticker;
        for (SourceConfig source : sources) {
            source.requestLimit().filter(RequestLimit::perHost)
                    .ifPresent(limit -> lowestByHost.merge(host(source), limit.perSecond(), Math::min));
        }
    }

    /** {@return limits for a source that shares none} */
    public static RequestLimits alone(SourceConfig source) {
        return new RequestLimits(List.of(source), (name, wait) -> { });
    }

    RequestGate gate(SourceConfig source) {
        boolean shared = source.requestLimit().map(RequestLimit::perHost).orElse(false);
        Optional<Double> own = source.requestLimit().map(RequestLimit::perSecond);
        Optional<Double> limit = shared ? Optional.ofNullable(lowestByHost.get(host(source))).or(() -> own) : own;
        // The name of a source holds no colon, a host with its port always does.
        Turnstile turnstile = turnstiles.computeIfAbsent(shared ? host(source) : source.name(),
                key -> new Turnstile(host(source), limit, ticker));
        return new RequestGate(source, turnstile, waits, ticker);
    }

    private static String host(SourceConfig source) {
        return Origin.of(source.url()).hostAndPort();
    }
}
