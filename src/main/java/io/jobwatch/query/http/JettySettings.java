package io.jobwatch.query.http;

import io.javalin.config.JavalinConfig;
import io.jobwatch.config.QueryConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** How Jetty listens: where, with or without TLS, within which limits, and without telling what it is. */
final class JettySettings {
    private static final long STOP_WITHIN_MILLIS = 2_000;
    /** A client that keeps its connection for later has nothing to lose; Jetty would wait a second for it at each stop. */
    private static final long SHUTDOWN_IDLE_MILLIS = 100;
    /** Once the most connections are open, those that say nothing make room. */
    private static final long CROWDED_IDLE_MILLIS = 1_000;

    private final QueryConfig config;
    private final HttpLimits limits;
    private final Clock clock;
    private final MeterRegistry meters;
    private final RefusedCounters refused;
    private final QueuedThreadPool threads;

    /** @param meters where it is shown who is connected, and what was refused */
    JettySettings(QueryConfig config, HttpLimits limits, Clock clock, MeterRegistry meters) {
        this.config = config;
        this.limits = limits;
        this.clock = clock;
        this.meters = meters;
        this.refused = RefusedCounters.in(meters);
        this.threads = new QueuedThreadPool(limits.threads(), Math.min(4, limits.threads()));
        threads.setName("jobwatch-http");
    }

    /** {@return the threads that answer} */
    Executor threads() {
        return threads;
    }

    void applyTo(JavalinConfig app) {
        app.startup.showJavalinBanner = false;
        app.startup.showOldJavalinVersionWarning = false;
        app.startup.startupWatcherEnabled = false;
        app.jetty.threadPool = threads;
        app.jetty.modifyHttpConfiguration(this::http);
        app.jetty.modifyServer(this::server);
        app.jetty.addConnector(this::connector);
    }

    private void http(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(limits.headerBytes());
        http.setIdleTimeout(limits.idle().toMillis());
    }

    private void server(Server server) {
        server.setStopTimeout(STOP_WITHIN_MILLIS);
        server.setErrorHandler(new PlainErrors(limits.headerBytes()));
        server.insertHandler(new RequestLimit(limits.requests(), refused.requests()));
        server.insertHandler(new SlowReaders(limits.slowReaders(), limits.answer(), refused.slowReaders()));
    }

    private Connector connector(Server server, HttpConfiguration http) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector = config.tls().map(files -> {
            http.addCustomizer(customizer());
            return new ServerConnector(server, new SslConnectionFactory(new ServerTls(files, clock), plain.getProtocol()), plain);
        }).orElseGet(() -> new ServerConnector(server, plain));
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setIdleTimeout(limits.idle().toMillis());
        connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_MILLIS);
        connector.addBean(new HeaderDeadline(limits.header(), connector.getScheduler(), refused.slowHeaders()));
        NetworkConnectionLimit connections = new NetworkConnectionLimit(limits.connections(), connector);
        connections.setEndPointIdleTimeout(Math.min(CROWDED_IDLE_MILLIS, limits.idle().toMillis()));
        server.addBean(connections);
        Gauge.builder("jobwatch.query.connections", connections, NetworkConnectionLimit::getNetworkConnectionCount)
                .description("Open connections").register(meters);
        Gauge.builder("jobwatch.query.connections.limit", connections, NetworkConnectionLimit::getMaxNetworkConnectionCount)
                .description("At so many, new connections wait until others have ended").register(meters);
        return connector;
    }

    /** Whether the certificate is for the name that was asked for is the client's to check; it may mean the server by an address. */
    private static SecureRequestCustomizer customizer() {
        SecureRequestCustomizer customizer = new SecureRequestCustomizer();
        customizer.setSniHostCheck(false);
        return customizer;
    }
}
