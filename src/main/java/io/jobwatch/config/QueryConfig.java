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
 * @param healthPort  where an instance without the role query tells its health and its metrics; a port of its own, as {@code port} may be
 *                    that of another instance on the same machine
 */
public record QueryConfig(String host, int port, QueryAuth auth, Optional<QueryTls> tls, boolean metricsOpen,
                          Optional<Integer> healthPort) {

    /** Without a port for health alone. */
    public QueryConfig(String host, int port, QueryAuth auth, Optional<QueryTls> tls, boolean metricsOpen) {
        this(host, port, auth, tls, metricsOpen, Optional.empty());
    }

    /** Queries without authentication, over plain HTTP. */
    public QueryConfig(String host, int port) {
        this(host, port, new QueryAuth.None(), Optional.empty(), false);
    }

    /** {@return the same at the port for health alone, if there is one} */
    public Optional<QueryConfig> health() {
        return healthPort.map(only -> new QueryConfig(host, only, auth, tls, metricsOpen, healthPort));
    }
}
