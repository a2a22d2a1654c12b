package io.jobwatch.config;

import java.util.Optional;

/**
 * Where queries are answered, and to whom.
 *
 * @param host        address to bind; only a loopback address works without authentication
 * @param port        TCP port; 0 takes any free one
 * @param auth        who may ask
 * @param tls         the server's certificate; empty for plain HTTP
 * @param metricsOpen whether metrics are shown without authentication
 */
public record QueryConfig(String host, int port, QueryAuth auth, Optional<QueryTls> tls, boolean metricsOpen) {

    /** Queries without authentication, over plain HTTP. */
    public QueryConfig(String host, int port) {
        this(host, port, new QueryAuth.None(), Optional.empty(), false);
    }
}
