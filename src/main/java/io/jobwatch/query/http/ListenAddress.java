package io.jobwatch.query.http;

import io.javalin.util.JavalinBindException;
import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.query.QueryException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the server listens, and whether it may listen there. */
final class ListenAddress {
    private static final Logger LOG = LoggerFactory.getLogger(ListenAddress.class);

    private final QueryConfig config;
    private final String portKey;
    private final InetAddress address;

    private ListenAddress(QueryConfig config, String portKey, InetAddress address) {
        this.config = config;
        this.portKey = portKey;
        this.address = address;
    }

    /**
     * Of queries.
     *
     * @throws QueryException if the address is none of this machine, or one that others reach while there is no authentication
     */
    static ListenAddress of(QueryConfig config) {
        return of(config, "query.port");
    }

    /**
     * As {@link #of(QueryConfig)}, of anything.
     *
     * @param portKey what the port is called in the configuration
     */
    static ListenAddress of(QueryConfig config, String portKey) {
        ListenAddress listen = new ListenAddress(config, portKey, resolve(config.host()));
        boolean loopback = listen.address.isLoopbackAddress();
        if (!loopback && config.auth() instanceof QueryAuth.None) {
            throw new QueryException("query.host " + config.host() + " can be reached from other machines, but query.auth.type is none: "
                    + "set it to bearer with tokens (jobwatch token makes one), or query.host to 127.0.0.1", false, null);
        }
        if (!loopback && config.tls().isEmpty()) {
            LOG.warn("requests are answered on {} over plain HTTP, so whoever listens on the way reads the tokens and the answers: set "
                    + "query.tls, unless something in front of jobwatch speaks TLS", config.host());
        }
        return listen;
    }

    /** {@return the address as clients write it, without a slash at the end} */
    String url(int port) {
        String host = address.isAnyLocalAddress() ? "localhost" : config.host();
        return (config.tls().isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * Says why the address could not be bound, by what the system said: the texts of Javalin and Jetty take every reason for a port that is
     * in use.
     */
    QueryException cannotBind(JavalinBindException e) {
        Throwable cause = rootCause(e);
        String reason = String.valueOf(cause.getMessage());
        if (reason.contains("Permission denied")) {
            return new QueryException("cannot listen on port " + config.port() + " of " + config.host()
                    + ": set " + portKey + " to a port above 1023", false, e);
        }
        if (reason.contains("Cannot assign requested address") || cause instanceof UnresolvedAddressException) {
            return new QueryException(notHere(config.host()), false, e);
        }
        return new QueryException("port " + config.port() + " on " + config.host() + " is taken, so nothing can be answered there: "
                + "stop what listens there, or set " + portKey + " to another port (0 takes any free one)", true, e);
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String notHere(String host) {
        return "query.host " + host + " is no address of this machine: set it to 127.0.0.1, to an address that this machine has, or to "
                + "0.0.0.0 for all of them";
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new QueryException(notHere(host), false, e);
        }
    }
}
