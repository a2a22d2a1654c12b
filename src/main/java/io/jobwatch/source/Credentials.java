package io.jobwatch.source;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.SourceConfig;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** The request headers that authenticate jobwatch with a service, as they are now. Implementations are thread-safe. */
interface Credentials {

    /**
     * {@return the headers to send with a request}
     *
     * @throws SourceException      if they had to be obtained and could not be
     * @throws InterruptedException if the thread was interrupted meanwhile
     */
    Map<String, String> headers(Deadline deadline) throws SourceException, InterruptedException;

    /**
     * The service has refused the headers with status 401.
     *
     * @return others, where there are any that it may take
     * @throws SourceException      if others had to be obtained and could not be
     * @throws InterruptedException if the thread was interrupted meanwhile
     */
    Optional<Map<String, String>> insteadOf(Map<String, String> refused, Deadline deadline) throws SourceException, InterruptedException;

    /** The service has taken the headers. */
    default void accepted(Map<String, String> headers) {
    }

    /**
     * @param http asks a token endpoint, where the source has one
     * @param mask is told every secret before it is used
     * @throws ConfigException if HTTP does not allow a header's name or value; the message does not tell the value
     */
    static Credentials of(SourceConfig config, HttpTransport http, Mask mask, Clock clock) {
        if (config.auth() instanceof AuthConfig.OAuth2 oauth) {
            LiveSecret secret = new LiveSecret(config.name(), "client secret", oauth.clientSecret(), mask, clock);
            return new AccessTokens(config.name(), new TokenEndpoint(oauth, secret, http, mask, clock), clock);
        }
        return SecretHeaders.of(config.name(), config.auth(), mask, clock);
    }
}
