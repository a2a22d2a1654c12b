package io.jobwatch.source;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bearer tokens that a token endpoint grants, each used until shortly before it expires. At most one request for a token is in flight; who
 * else needs one waits for it, no longer than its own deadline. Thread-safe.
 */
final class AccessTokens implements Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);

    /** How long before its end a token is replaced: this, or a tenth of its life if that is less. */
    private static final Duration EARLY = Duration.ofSeconds(60);

    /** While a token still lives, an endpoint that does not give the next one is not asked more often. */
    private static final Duration ASK_EARLY_AGAIN = Duration.ofSeconds(10);

    /** The service has refused a token that was obtained because it refused the one before: a third would hardly do better at once. */
    private static final Duration ASK_AFTER_REFUSALS = Duration.ofSeconds(30);

    private final String source;
    private final TokenEndpoint endpoint;
    private final Clock clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Optional<Token> current = Optional.empty();

    /**
     * @param askedAt    when it was asked for
     * @param replaceAt  from when on another one is to be asked for
     * @param expiresAt  from when on it is of no use
     * @param substitute whether it was asked for because the service had refused its predecessor, and has not been accepted yet
     */
    private record Token(String value, Instant askedAt, Instant replaceAt, Instant expiresAt, boolean substitute) {

        Map<String, String> headers() {
            return Map.of("Authorization", "Bearer " + value);
        }
    }

    /** @param source names the source in the log */
    AccessTokens(String source, TokenEndpoint endpoint, Clock clock) {
        this.source = source;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    @Override
    public Map<String, String> headers(Deadline deadline) throws SourceException, InterruptedException {
        Optional<Token> usable = current.filter(token -> clock.instant().isBefore(token.replaceAt()));
        if (usable.isPresent()) {
            return usable.get().headers();
        }
        await(deadline);
        try {
            Instant now = clock.instant();
            Optional<Token> held = current.filter(token -> now.isBefore(token.expiresAt()));
            if (held.isPresent()) {
                return now.isBefore(held.get().replaceAt()) ? held.get().headers() : replaceEarly(held.get(), deadline).headers();
            }
            return ask(false, deadline).headers();
        } finally {
            asking.unlock();
        }
    }

    @Override
    public Optional<Map<String, String>> insteadOf(Map<String, String> refused, Deadline deadline)
            throws SourceException, InterruptedException {
        await(deadline);
        try {
            Optional<Token> held = current;
            if (held.isPresent() && !held.get().headers().equals(refused)) {
                return held.map(Token::headers); // another thread was here before
            }
            Instant now = clock.instant();
            if (held.isPresent() && held.get().substitute()
                    && Duration.between(held.get().askedAt(), now).abs().compareTo(ASK_AFTER_REFUSALS) < 0) {
                return Optional.empty();
            }
            current = Optional.empty();
            return Optional.of(ask(true, deadline).headers());
        } finally {
            asking.unlock();
        }
    }

    @Override
    public void accepted(Map<String, String> headers) {
        Optional<Token> token = current;
        if (token.isPresent() && token.get().substitute() && token.get().headers().equals(headers) && asking.tryLock()) {
            try {
                current = current.map(held -> new Token(held.value(), held.askedAt(), held.replaceAt(), held.expiresAt(), false));
            } finally {
                asking.unlock();
            }
        }
    }

    /** The old token is still good: a token endpoint that fails now does no harm yet. */
    private Token replaceEarly(Token held, Deadline deadline) throws InterruptedException {
        try {
            return ask(held.substitute(), deadline.halfway());
        } catch (SourceException e) {
            Duration pause = e.retryAfter().filter(asked -> asked.compareTo(ASK_EARLY_AGAIN) > 0).orElse(ASK_EARLY_AGAIN);
            LOG.warn("{}: the access token, good until {}, could not be replaced yet: {}", source, held.expiresAt(), e.getMessage());
            Instant again = clock.instant().plus(pause);
            Token kept = new Token(held.value(), held.askedAt(), again.isBefore(held.expiresAt()) ? again : held.expiresAt(),
                    held.expiresAt(), held.substitute());
            current = Optional.of(kept);
            return kept;
        }
    }

    private Token ask(boolean substitute, Deadline deadline) throws SourceException, InterruptedException {
        Instant askedAt = clock.instant();
        TokenEndpoint.Grant grant = endpoint.ask(deadline);
        Duration tenth = grant.lifetime().dividedBy(10);
        Instant expiresAt = askedAt.plus(grant.lifetime());
        Token token = new Token(grant.token(), askedAt, expiresAt.minus(tenth.compareTo(EARLY) < 0 ? tenth : EARLY), expiresAt, substitute);
        current = Optional.of(token);
        LOG.debug("{}: a new access token, good until {}", source, expiresAt);
        return token;
    }

    private void await(Deadline deadline) throws SourceException, InterruptedException {
        if (!asking.tryLock(deadline.left(), TimeUnit.NANOSECONDS)) {
            throw new SourceException("no access token within " + deadline + ": another request for one has not been answered yet");
        }
    }
}
