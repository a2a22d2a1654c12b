package io.jobwatch.config;

import java.util.Optional;

/**
 * Where queries are answered, and to whom. An instance without the role query answers none; where the port is named, it tells its
 * health and its metrics there.
 *
 * @param host        address to bind; only a loopback address works without authentication
 * @param port        TCP port; 0 takes any free one
 * @param auth        who may ask
 * @param tls         the server's certificate; empty for plain HTTP
 * @param metricsOpen whether metrics are shown without authentication
 * @param portNamed   whether the port was chosen, and is not the default one: two instances of one machine, of which one answers queries,
 *                    should need no setting
 */
public record QueryConfig(String host, int port, QueryAuth auth, Optional<QueryTls> tls, boolean metricsOpen, boolean portNamed) {

    /** At a port that was chosen. */
    public QueryConfig(String host, int port, QueryAuth auth, Optional<QueryTls> tls, boolean metricsOpen) {
        this(host, port, auth, tls, metricsOpen, true);
    }

    /** Queries without authentication, over plain HTTP. */
    public QueryConfig(String host, int port) {
        this(host, port, new QueryAuth.None(), Optional.empty(), false);
    }
}
