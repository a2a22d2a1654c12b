package io.jobwatch.embedded.simulator;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.util.JavalinBindException;
import io.jobwatch.embedded.EmbeddedException;
import java.net.URI;
import java.time.Clock;
import java.util.List;

/**
 * A running simulator. From the moment it starts, jobs arrive and change by the script that the seed determines, whether or not anybody
 * asks; {@link #history()} is the truth about them. Thread-safe.
 */
public final class EncoderSimulator implements AutoCloseable {
    private final Script script;
    private final ScriptClock clock;
    private final FaultyWire wire;
    private final Javalin server;
    private final URI url;

    private EncoderSimulator(SimulatorSettings settings, Clock time) {
        this.script = Script.write(settings.jobs(), settings.seed());
        this.clock = new ScriptClock(time, settings.speed());
        this.wire = new FaultyWire(settings);
        EncoderProtocol protocol = new EncoderProtocol(settings, script, clock, wire);
        this.server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.startupWatcherEnabled = false;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.jetty.host = settings.host();
            config.jetty.port = settings.port();
            config.jetty.modifyHttpConfiguration(http -> {
                http.setSendDateHeader(true);
                http.setSendServerVersion(false);
            });
            config.routes.get("/*", protocol::get);
            config.routes.get("/", protocol::get);
        });
        try {
            server.start();
        } catch (JavalinBindException e) {
            throw new EmbeddedException("the simulated encoder cannot listen on " + settings.host() + ":" + settings.port() + " ("
                    + e.getMessage() + "): choose another --port, or 0 for any free one", e);
        }
        String root = "http://" + settings.host() + ":" + server.port();
        this.url = URI.create(settings.rootRedirects() ? root : root + "/api");
    }

    /**
     * Starts a simulator; it serves when this returns.
     *
     * @throws EmbeddedException if the port is taken or the address is not of this machine
     */
    public static EncoderSimulator start(SimulatorSettings settings) {
        return start(settings, Clock.systemUTC());
    }

    /** As {@link #start(SimulatorSettings)}, played by the given clock. */
    public static EncoderSimulator start(SimulatorSettings settings, Clock clock) {
        return new EncoderSimulator(settings, clock);
    }

    /** {@return the base address of the service, below which {@code /Jobs} is: what a source of type ams-v2 is configured with} */
    public URI url() {
        return url;
    }

    /** {@return what has happened so far to every job that has arrived, by time of creation} */
    public List<JobHistory> history() {
        long now = clock.elapsed();
        return script.jobs().stream().takeWhile(job -> job.createdAt() <= now)
                .map(job -> new JobView(job, now, clock).history()).toList();
    }

    /** {@return whether every job has arrived and ended} */
    public boolean allDone() {
        return clock.elapsed() >= script.end();
    }

    /** Stops serving and cuts what is being sent. The history remains readable. */
    @Override
    public void close() {
        wire.close();
        server.stop();
    }
}
