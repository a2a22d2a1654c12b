package io.jobwatch.registry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What is asked of the registry by all clients of a process, and how that goes. Thread-safe. */
public final class RegistryMetrics {
    private final Timer successes;
    private final Timer refusals;
    private final Timer outages;
    private final Counter remembered;
    private final Set<BooleanSupplier> memories = ConcurrentHashMap.newKeySet();

    public RegistryMetrics(MeterRegistry meters) {
        successes = timer(meters, "success");
        refusals = timer(meters, "refused");
        outages = timer(meters, "unavailable");
        remembered = Counter.builder("jobwatch.registry.remembered")
                .description("Answers given from what is kept, because the registry did not answer").register(meters);
        Gauge.builder("jobwatch.registry.silent", memories, all -> all.stream().anyMatch(BooleanSupplier::getAsBoolean) ? 1 : 0)
                .description("1 while the registry is not asked because it did not answer").register(meters);
    }

    private static Timer timer(MeterRegistry meters, String outcome) {
        return Timer.builder("jobwatch.registry.requests")
                .description("Questions to the registry's client, those that it answers by itself included").tag("outcome", outcome)
                .register(meters);
    }

    /** {@return a client whose questions are counted; closing it closes the given one} */
    public SchemaRegistry counted(SchemaRegistry client) {
        return new CountedSchemaRegistry(client, this);
    }

    <T> T timed(Supplier<T> question) {
        long began = System.nanoTime();
        Timer outcome = outages;
        try {
            T answer = question.get();
            outcome = successes;
            return answer;
        } catch (RegistryException e) {
            outcome = e.kind() == RegistryException.Kind.UNAVAILABLE ? outages : refusals;
            throw e;
        } finally {
            outcome.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        }
    }

    void remembered() {
        remembered.increment();
    }

    /** Shows a memory that answers for the registry while that is true. */
    void watch(BooleanSupplier silent) {
        memories.add(silent);
    }
}
