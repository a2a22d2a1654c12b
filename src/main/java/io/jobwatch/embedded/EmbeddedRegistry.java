package io.jobwatch.embedded;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Schema Registry in this process, for Avro: enough of Confluent's REST API for the clients of others. Its state is in the topic {@code
 * _schemas}, so ids stay the same over restarts. It asks for no credentials: bind it to a loopback address.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API Reference</a>
 */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);
    private static final Pattern LOOPBACK_NAME = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|::1|\\[::1]");
    private static final long MAX_REQUEST_BYTES = 1024 * 1024;

    private final SchemaStore store;
    private final Javalin server;
    private final String url;
    private boolean closed;

    private EmbeddedRegistry(SchemaStore store, Javalin server, String url) {
        this.store = store;
        this.server = server;
        this.url = url;
    }

    /**
     * Reads the state and starts; returns when it accepts clients.
     *
     * @param kafkaClientProperties {@code bootstrap.servers} and whatever security the cluster asks for
     * @param host                  the address to bind
     * @param port                  TCP port; 0 takes any free one
     * @throws EmbeddedException if the port is taken, or the topic cannot be created or read
     */
    public static EmbeddedRegistry start(Map<String, Object> kafkaClientProperties, String host, int port) {
        return start(new TopicSchemaLog(kafkaClientProperties), host, port);
    }

    static EmbeddedRegistry start(SchemaLog log, String host, int port) {
        try {
            SchemaStore store = new SchemaStore(log);
            Javalin server = Javalin.create(config -> configure(config, store, host));
            start(server, host, port);
            String name = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
            String url = "http://" + (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + server.port();
            LOG.info("embedded Schema Registry on {}", url);
            return new EmbeddedRegistry(store, server, url);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private static void start(Javalin server, String host, int port) {
        if (port != 0 && !Ports.isFree(port)) {
            throw taken(host, port, null);
        }
        try {
            server.start(host, port);
        } catch (JavalinBindException e) {
            throw taken(host, port, e);
        }
    }

    private static EmbeddedException taken(String host, int port, JavalinBindException cause) {
        return new EmbeddedException("port " + port + " on " + host + " is taken, so the embedded Schema Registry cannot start: stop what "
                + "listens there, or set schema-registry.embedded-port to another port (0 takes any free one)", cause);
    }

    private static void configure(JavalinConfig config, SchemaStore store, String host) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = false;
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("schema-registry");
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.http.prefer405over404 = true;
        if (LOOPBACK_NAME.matcher(host).matches()) {
            config.routes.before(EmbeddedRegistry::requireLoopbackName);
        }
        config.routes.get("/", context -> RegistryExchange.answer(context, "{}"));
        new SubjectRoutes(store).addTo(config.routes);
        new SchemaRoutes(store).addTo(config.routes);
        new SettingRoutes(store).addTo(config.routes);
        config.routes.exception(RegistryFailure.class,
                (failure, context) -> RegistryExchange.fail(context, failure.status(), failure.code(), failure.getMessage()));
        config.routes.exception(EmbeddedException.class, (failure, context) -> {
            LOG.warn("a change was not stored: {}", failure.getMessage());
            RegistryExchange.fail(context, 500, 50001, "Error in the backend data store");
        });
        config.routes.exception(HttpResponseException.class, (failure, context) -> RegistryExchange.fail(context, failure.getStatus(),
                failure.getStatus(), "HTTP " + failure.getStatus() + " " + HttpStatus.forStatus(failure.getStatus()).getMessage()));
        config.routes.exception(Exception.class, (failure, context) -> {
            LOG.error("the embedded Schema Registry failed at {} {}", context.method(), context.path(), failure);
            RegistryExchange.fail(context, 500, 500, "HTTP 500 Internal Server Error");
        });
    }

    /** A page of a browser that made its own name lead to this address would be allowed to read and delete everything. */
    private static void requireLoopbackName(Context context) {
        String name = Objects.requireNonNullElse(context.host(), "").replaceFirst(":[0-9]+$", "");
        if (!LOOPBACK_NAME.matcher(name).matches()) {
            throw new RegistryFailure(403, 403, "HTTP 403 Forbidden: this registry answers under loopback names only");
        }
    }

    /** {@return the base address for clients} */
    public String url() {
        return url;
    }

    /** Stops; running requests may finish. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.stop();
        store.close();
    }
}
