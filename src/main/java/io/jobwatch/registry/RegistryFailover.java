package io.jobwatch.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Asks the addresses of one registry in turn until one answers, and all of them again a few times while none does. Thread-safe; callers
 * block.
 */
final class RegistryFailover implements RegistryCalls {
    private final List<? extends RegistryEndpoint> endpoints;
    private final Patience patience;
    private final DoubleSupplier chance;
    /** Where to begin: the address that answered last, or the one after those that did not. */
    private final AtomicInteger preferred = new AtomicInteger();

    /**
     * @param endpoints at least one
     * @param chance    numbers from 0 to 1, evenly spread: clients that failed together must not come again together
     */
    RegistryFailover(List<? extends RegistryEndpoint> endpoints, Patience patience, DoubleSupplier chance) {
        this.endpoints = List.copyOf(endpoints);
        this.patience = patience;
        this.chance = chance;
    }

    /**
     * {@return the JSON of a 2xx answer} Every request of the API may be repeated safely, so each is, at every address, while none answers.
     *
     * @throws RegistryException for everything else, within {@link Patience#call()}
     */
    @Override
    public JsonNode call(String method, String path, Optional<JsonNode> body) {
        return new Call(method, path, body).make();
    }

    /** The addresses without user info, separated by commas. */
    @Override
    public String toString() {
        return endpoints.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /** One call and what it has met so far. */
    private final class Call {
        private final String method;
        private final String path;
        private final Optional<JsonNode> body;
        private final long deadline = System.nanoTime() + patience.call().toNanos();
        /** By address, until when it asks to be left alone. */
        private final long[] notBefore = new long[endpoints.size()];
        private RegistryException outage;

        Call(String method, String path, Optional<JsonNode> body) {
            this.method = method;
            this.path = path;
            this.body = body;
            Arrays.fill(notBefore, System.nanoTime());
        }

        JsonNode make() {
            Optional<JsonNode> answer = round();
            for (int repetition = 1; answer.isEmpty(); repetition++) {
                if (repetition > patience.maxRetries() || !pause(patience.before(repetition, chance.getAsDouble()))) {
                    throw outage;
                }
                answer = round();
            }
            return answer.get();
        }

        /** Asks each address once, until one answers. What is left of the time is shared: one that hangs must not use up the others'. */
        private Optional<JsonNode> round() {
            int first = preferred.get();
            int[] turns = IntStream.range(0, endpoints.size()).map(i -> (first + i) % endpoints.size()).filter(this::inTime).toArray();
            for (int i = 0; i < turns.length; i++) {
                Duration left = left();
                if (outage != null && (left.isNegative() || left.isZero())) {
                    throw outage;
                }
                Optional<JsonNode> answer = ask(turns[i], shorter(patience.exchange(), left.dividedBy(turns.length - i)));
                if (answer.isPresent()) {
                    return answer;
                }
            }
            return Optional.empty();
        }

        private Optional<JsonNode> ask(int index, Duration limit) {
            try {
                JsonNode answer = endpoints.get(index).exchange(method, path, body, limit);
                preferred.set(index);
                return Optional.of(answer);
            } catch (RegistryException e) {
                if (e.kind() != Kind.UNAVAILABLE || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (outage != null) {
                    e.addSuppressed(outage);
                }
                outage = e;
                notBefore[index] = leftAloneUntil(e.retryAfter());
                // Unless another thread has moved on already.
                preferred.compareAndSet(index, (index + 1) % endpoints.size());
                return Optional.empty();
            }
        }

        /** {@return when the address may be asked again: not in this call where its wish would leave too little time, to the others too} */
        private long leftAloneUntil(Duration asked) {
            // More than there is for the whole call is as good as for ever.
            long until = System.nanoTime() + shorter(asked, patience.call()).toNanos();
            Duration useful = shorter(patience.exchange(), patience.call().dividedBy(2L * endpoints.size()));
            return !asked.isZero() && until - (deadline - useful.toNanos()) > 0 ? deadline : until;
        }

        /**
         * Waits before a repetition, for as long as the addresses that are asked again want to be left alone.
         *
         * @return whether there is time for it; if not, nothing was waited for
         */
        private boolean pause(Duration delay) {
            Duration asked = IntStream.range(0, endpoints.size()).filter(this::inTime)
                    .mapToObj(index -> Duration.ofNanos(notBefore[index] - System.nanoTime()))
                    .reduce(Duration.ZERO, RegistryFailover::longer);
            Duration wait = longer(delay, asked);
            if (IntStream.range(0, endpoints.size()).noneMatch(this::inTime) || wait.compareTo(left()) >= 0) {
                return false;
            }
            try {
                Thread.sleep(wait.toMillis());
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw outage;
            }
        }

        /** {@return whether an address may be asked again in this call} One that asks for more time than there is may not. */
        private boolean inTime(int index) {
            return notBefore[index] - deadline < 0;
        }

        private Duration left() {
            return Duration.ofNanos(deadline - System.nanoTime());
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
