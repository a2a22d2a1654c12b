package io.jobwatch.source;

import io.jobwatch.config.RequestLimit;
import io.jobwatch.config.SourceConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

    /** Told of the requests of sources, on the threads that make them. */
    @FunctionalInterface
    public interface Watcher {
        /** The turn of a request has come; told only for a source that has a limit. */
        void waited(String source, Duration wait);

        /**
         * A request has ended.
         *
         * @param status of the whole answer; empty where none came, whatever hindered it
         * @param took   from sending it to then
         */
        default void ended(String source, OptionalInt status, Duration took) {
        }
    }

    private final Map<String, Double> lowestByHost = new HashMap<>();
    private final Map<String, Turnstile> turnstiles = new ConcurrentHashMap<>();
    private final Watcher watcher;
    private final Ticker ticker;

    /** @param sources those whose limits count where they are shared */
    public RequestLimits(List<SourceConfig> sources, Watcher watcher) {
        this(sources, watcher, Ticker.SYSTEM);
    }

    /** As {@link #RequestLimits(List, Watcher)}, by another time than the machine's. */
    public RequestLimits(List<SourceConfig> sources, Watcher watcher, Ticker ticker) {
        this.watcher = watcher;
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
        return new RequestGate(source, turnstile, watcher, ticker);
    }

    private static String host(SourceConfig source) {
        return Origin.of(source.url()).hostAndPort();
    }
}
