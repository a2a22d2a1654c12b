package io.jobwatch.embedded;

import io.jobwatch.config.FolderLock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker in this process: one KRaft node, broker and controller, on the loopback interface. Its data stay under the given folder
 * and are used again at the next start. Not replicated: for trying out, tests and small installations.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;
    private final FolderLock lock;
    private final String bootstrapServers;
    private boolean closed;

    private EmbeddedBroker(KafkaRaftServer server, FolderLock lock, String bootstrapServers) {
        this.server = server;
        this.lock = lock;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts the broker and returns when it accepts clients, even if the calling thread is interrupted meanwhile; it stays interrupted
     * then.
     *
     * @param dataDir its data are kept in the folder {@code kafka} under this one
     * @param port    TCP port; 0 takes any free one
     * @throws EmbeddedException            if the port is taken or the data cannot be used
     * @throws FolderLock.FolderException if the folder cannot be written or belongs to a running instance
     */
    public static EmbeddedBroker start(Path dataDir, int port) {
        CompletableFuture<EmbeddedBroker> started = new CompletableFuture<>();
        // Kafka takes an interrupt during its start for a fatal fault and halts the process: so a thread of its own, which nobody
        // interrupts.
        Thread starter = new Thread(() -> startInto(started, dataDir, port), "embedded-broker-start");
        starter.setDaemon(true);
        starter.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return started.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** At a fatal fault Kafka halts the process, without a word of what to do. While it starts, the fault fails the start instead. */
    private static void startInto(CompletableFuture<EmbeddedBroker> started, Path dataDir, int port) {
        Exit.Procedure failing = (status, message) -> {
            EmbeddedException fault = damaged(dataDir.resolve("kafka").toAbsolutePath(), "a fatal fault, logged above", null);
            // The thread of the fault need not be one that the start waits for, so nothing waits for the start either.
            started.completeExceptionally(fault);
            throw fault;
        };
        Exit.setHaltProcedure(failing);
        Exit.setExitProcedure(failing);
        try {
            EmbeddedBroker broker = startHere(dataDir, port);
            if (!started.complete(broker)) {
                broker.close();
            }
        } catch (RuntimeException | Error e) {
            started.completeExceptionally(e);
        } finally {
            Exit.resetHaltProcedure();
            Exit.resetExitProcedure();
        }
    }

    private static EmbeddedBroker startHere(Path dataDir, int port) {
        Path folder = dataDir.resolve("kafka").toAbsolutePath();
        FolderLock lock = FolderLock.acquire(folder);
        try {
            int brokerPort = port == 0 ? Ports.free() : port;
            if (port != 0 && !Ports.isFree(port)) {
                throw new EmbeddedException("port " + port + " is taken, so the embedded broker cannot start: stop what listens "
                        + "there, or set kafka.embedded-port to another port (0 takes any free one)");
            }
            Path logs = folder.resolve("logs");
            KafkaConfig config = new KafkaConfig(settings(logs, brokerPort, Ports.freeBeside(brokerPort)), false);
            format(logs);
            KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
            startUp(server, folder);
            LOG.info("embedded broker on 127.0.0.1:{}, data in {}", brokerPort, folder);
            return new EmbeddedBroker(server, lock, "127.0.0.1:" + brokerPort);
        } catch (EmbeddedException e) {
            lock.close();
            throw e;
        } catch (Exception e) {
            lock.close();
            throw damaged(folder, e.getMessage(), e);
        }
    }

    /** {@return the address for Kafka clients, {@code host:port}} */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Stops the broker cleanly: its log is complete and the next start is quick. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.shutdown();
        server.awaitShutdown();
        lock.close();
    }

    private static void startUp(KafkaRaftServer server, Path folder) {
        try {
            server.startup();
            requireItsTopics(folder.resolve("logs"));
        } catch (RuntimeException | IOException e) {
            try {
                server.shutdown();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw damaged(folder, e.getMessage(), e);
        }
    }

    /**
     * Kafka cuts off metadata that it cannot read, renames the folders of the topics that it then does not know, and later deletes them.
     */
    private static void requireItsTopics(Path logs) throws IOException {
        try (Stream<Path> found = Files.list(logs)) {
            if (found.anyMatch(path -> path.getFileName().toString().endsWith("-stray"))) {
                throw new IOException("the metadata are damaged, folders of its topics were renamed to *-stray");
            }
        }
    }

    private static EmbeddedException damaged(Path folder, String reason, Exception cause) {
        return new EmbeddedException("the embedded broker cannot use its data in " + folder + " (" + reason
                + "): restore the folder from a backup, or move it away to start empty", cause);
    }

    /** Writes the identity of the cluster once; the folder of an earlier start is left as it is. */
    private static void format(Path logs) throws Exception {
        if (Files.exists(logs.resolve("meta.properties"))) {
            return;
        }
        if (Files.isDirectory(logs)) {
            try (Stream<Path> found = Files.list(logs)) {
                if (found.findAny().isPresent()) {
                    throw new IOException("meta.properties is missing");
                }
            }
        }
        Files.createDirectories(logs);
        Formatter formatter = new Formatter();
        formatter.setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(logs.toString())
                .addDirectory(logs.toString())
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        formatter.run();
    }

    private static Properties settings(Path logs, int brokerPort, int controllerPort) {
        Properties p = new Properties();
        p.put("node.id", Integer.toString(NODE_ID));
        p.put("process.roles", "broker,controller");
        p.put("listeners", "BROKER://127.0.0.1:" + brokerPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", "BROKER://127.0.0.1:" + brokerPort);
        p.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("inter.broker.listener.name", "BROKER");
        p.put("controller.listener.names", "CONTROLLER");
        // A fixed voter may change its address between starts: the quorum's state names it by id.
        p.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        p.put("log.dirs", logs.toString());
        p.put("auto.create.topics.enable", "false");
        p.put("default.replication.factor", "1");
        p.put("min.insync.replicas", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        // One node: fifty partitions of each internal topic would only cost files and start time.
        p.put("offsets.topic.num.partitions", "4");
        p.put("transaction.state.log.num.partitions", "4");
        p.put("group.initial.rebalance.delay.ms", "0");
        // Under group.protocol=streams the broker decides what the topology asks for under the classic one: a killed instance is noticed
        // after ten seconds (default 45 s), one that comes or goes within one (default 5 s), and the first one starts at once.
        p.put("group.streams.session.timeout.ms", "10000");
        p.put("group.streams.min.session.timeout.ms", "10000");
        p.put("group.streams.heartbeat.interval.ms", "1000");
        p.put("group.streams.min.heartbeat.interval.ms", "1000");
        p.put("group.streams.initial.rebalance.delay.ms", "0");
        // The cleaner's default buffer is 128 MiB of heap, taken at start.
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        p.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        // After a kill the controller refuses the broker's own id until its old session has run out (default 9 s).
        p.put("broker.session.timeout.ms", "3000");
        p.put("broker.heartbeat.interval.ms", "500");
        // What cannot start should say so; Kafka would wait for ever.
        p.put("server.max.startup.time.ms", "120000");
        return p;
    }
}
