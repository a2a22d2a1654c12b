package io.jobwatch.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * One job service to poll.
 *
 * @param name           {@code [a-z0-9][a-z0-9-]*}, unique; first part of every key
 * @param type           the kind of service, such as {@code ams-v2}
 * @param url            base address of the service's API
 * @param account        account or cluster that jobs are attributed to
 * @param location       where the account is
 * @param pollInterval   time between the starts of two polls
 * @param requestTimeout deadline for one whole exchange, body included
 * @param detailsTimeout how long a stop is held back until its tasks are read
 * @param startFrom      what the first poll does with jobs that ended before it
 * @param auth           credentials
 * @param idleInterval   time between the starts of two polls while no job is live; not less than {@code pollInterval}
 * @param requestLimit   how many requests the service is sent at the most
 * @param tls            what differs from the platform's trust, and the client's certificate
 * @param options        what only sources of this type have
 */
public record SourceConfig(
        String name,
        String type,
        URI url,
        String account,
        Optional<String> location,
        Duration pollInterval,
        Duration requestTimeout,
        Duration detailsTimeout,
        StartFrom startFrom,
        AuthConfig auth,
        Duration idleInterval,
        Optional<RequestLimit> requestLimit,
        Optional<TlsConfig> tls,
        SourceOptions options) {

    public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofMillis(2500);
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration DEFAULT_DETAILS_TIMEOUT = Duration.ofSeconds(60);

    /** A source with the defaults for what comes after its credentials: polled as often whether jobs are live or not. */
    public SourceConfig(String name, String type, URI url, String account, Optional<String> location, Duration pollInterval,
                        Duration requestTimeout, Duration detailsTimeout, StartFrom startFrom, AuthConfig auth) {
        this(name, type, url, account, location, pollInterval, requestTimeout, detailsTimeout, startFrom, auth, pollInterval,
                Optional.empty(), Optional.empty(), new SourceOptions.None());
    }
}
