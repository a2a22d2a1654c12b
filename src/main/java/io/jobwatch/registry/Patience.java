package io.jobwatch.registry;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How long to wait for a registry, and how often to ask again.
 *
 * @param connect    for a connection
 * @param exchange   for one request and its whole answer
 * @param call       for a call with all its repetitions
 * @param maxRetries how often a call is repeated at most, each time at every address
 * @param firstWait  before the first repetition at the most; doubles with each
 * @param maxWait    before any repetition at the most, unless the registry asks for longer
 */
record Patience(Duration connect, Duration exchange, Duration call, int maxRetries, Duration firstWait, Duration maxWait) {
    private static final String CONNECT = "http.connect.timeout.ms";
    private static final String READ = "http.read.timeout.ms";
    private static final String MAX_RETRIES = "max.retries";
    private static final String WAIT = "retries.wait.ms";
    private static final String MAX_WAIT = "retries.max.wait.ms";
    private static final int HOUR = 3_600_000;
    /** Those of Confluent's client. */
    private static final int DEFAULT_MAX_RETRIES = 3;
    private static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(20);

    /** Every property read here. */
    static final Set<String> SETTINGS = Set.of(CONNECT, READ, MAX_RETRIES, WAIT, MAX_WAIT);

    /**
     * @param timeouts  used where nothing is set; where they are limits, a property can only ask for less
     * @param addresses how many there are to ask
     */
    static Patience of(RegistryProperties properties, RegistryTimeouts timeouts, int addresses) {
        Optional<Duration> read = millis(properties, READ, 1);
        Optional<Integer> retries = properties.number(MAX_RETRIES, 0, 100);
        Patience wished = new Patience(millis(properties, CONNECT, 1).orElse(timeouts.connect()), read.orElse(timeouts.exchange()),
                timeouts.call(), retries.orElse(DEFAULT_MAX_RETRIES),
                millis(properties, WAIT, 0).orElse(timeouts.retryDelay()), millis(properties, MAX_WAIT, 0).orElse(DEFAULT_MAX_WAIT));
        if (timeouts.limits()) {
            return new Patience(shorter(wished.connect, timeouts.connect()), shorter(wished.exchange, timeouts.exchange()),
                    timeouts.call(), wished.maxRetries, wished.firstWait, wished.maxWait);
        }
        return read.isEmpty() && retries.isEmpty() ? wished : wished.withTimeForAllRetries(addresses);
    }

    /** Who asks for a longer answer or more repetitions wants the call to last until they are done. */
    private Patience withTimeForAllRetries(int addresses) {
        Duration needed = exchange.multipliedBy(addresses * (maxRetries + 1L));
        for (int repetition = 1; repetition <= maxRetries; repetition++) {
            needed = needed.plus(before(repetition, 1));
        }
        return new Patience(connect, exchange, needed.compareTo(call) > 0 ? needed : call, maxRetries, firstWait, maxWait);
    }

    /**
     * {@return how long to wait before a repetition}
     *
     * @param repetition from 1
     * @param share      from 0 to 1, by chance: clients that failed together must not come again together
     */
    Duration before(int repetition, double share) {
        long most = Math.min(firstWait.toMillis() << Math.min(repetition - 1, 30), maxWait.toMillis());
        return Duration.ofMillis(Math.round(most * share));
    }

    private static Optional<Duration> millis(RegistryProperties properties, String name, int min) {
        return properties.number(name, min, HOUR).map(Duration::ofMillis);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
