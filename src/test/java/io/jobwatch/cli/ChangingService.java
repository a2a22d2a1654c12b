package io.jobwatch.cli;

import io.jobwatch.cli.ChangingJobs.Version;
import io.jobwatch.cli.ServiceRequest.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A service of many sources that speaks as much of the protocol of Media Services v2 as their polls need. It records who asked what and
 * when, by a header that each instance is configured with, and it notices when a client gives up. Each job that it lists carries the
 * number of the request, as {@code TemplateId}: so an event tells which listing it came from. Thread-safe.
 */
final class ChangingService implements AutoCloseable {
    /** Says which instance asks. */
    static final String INSTANCE = "X-Instance";

    private static final Pattern RESOURCE = Pattern.compile("GET /([a-z0-9-]+)/Jobs(\\('([^']+)'\\)(/Tasks)?)?(\\?.*)? HTTP/1.1");
    private static final int ANSWER_WITHIN_MILLIS = 15;
    private static final int LOOK_EVERY_MILLIS = 3;

    private final Map<String, ServiceSource> sources;
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ServerSocket server;

    /**
     * @param jobs of each source, by its name; belong to this object from now on
     * @param seed of how long the answers take
     */
    ChangingService(Map<String, ChangingJobs> jobs, long seed) throws IOException {
        this.sources = jobs.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey,
                entry -> new ServiceSource(entry.getKey(), entry.getValue(), new Random(seed + entry.getKey().hashCode()))));
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        daemon("changing-service", this::accept);
    }

    Map<String, ServiceSource> sources() {
        return sources;
    }

    String url(String source) {
        return "http://127.0.0.1:" + server.getLocalPort() + "/" + source;
    }

    /** Requests of an instance are not answered until it is released. */
    void hold(String instance) {
        held.add(instance);
    }

    void release(String instance) {
        held.remove(instance);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                daemon("changing-service-connection", () -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException("the service can accept no connection", e);
                }
            }
        }
    }

    /** A client may be killed at any moment, so a connection that breaks is nothing to tell of. */
    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
            boolean stays = true;
            for (String asked = line(in); stays && asked != null; asked = line(in)) {
                String instance = "";
                for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
                    if (header.regionMatches(true, 0, INSTANCE + ":", 0, INSTANCE.length() + 1)) {
                        instance = header.substring(INSTANCE.length() + 1).strip();
                    }
                }
                stays = answer(asked, instance, socket, in);
            }
        } catch (IOException e) {
            return;
        } finally {
            connections.remove(socket);
        }
    }

    /** {@return whether the client is still there} */
    private boolean answer(String asked, String instance, Socket socket, BufferedInputStream in) throws IOException {
        Matcher resource = RESOURCE.matcher(URLDecoder.decode(asked, StandardCharsets.UTF_8));
        if (!resource.matches() || !sources.containsKey(resource.group(1))) {
            send(socket, 400, "{}");
            return true;
        }
        ServiceSource source = sources.get(resource.group(1));
        String jobId = resource.group(3);
        ServiceRequest request = source.begin(instance, jobId == null ? Kind.LISTING : resource.group(4) == null ? Kind.JOB : Kind.TASKS);
        try {
            long due = request.begun() + source.latency(ANSWER_WITHIN_MILLIS) * 1_000_000L;
            if (!stays(socket, in, () -> held.contains(instance) || System.nanoTime() - due < 0)) {
                return false;
            }
            Map<String, Version> jobs = source.listed();
            if (request.kind() == Kind.LISTING) {
                request.show(jobs);
            }
            // Before the answer is sent: the client may ask again at once.
            source.end(request);
            switch (request.kind()) {
                case LISTING -> send(socket, 200, listing(jobs, request.number()));
                case JOB -> {
                    Version version = jobs.get(jobId);
                    send(socket, version == null ? 404 : 200, version == null ? "{}" : entity(jobId, version, request.number()));
                }
                case TASKS -> send(socket, 200, "{\"value\":[{\"Id\":\"" + jobId
                        + "-task\",\"State\":4,\"ErrorDetails\":[{\"Code\":\"E1\",\"Message\":\"it failed\"}]}]}");
            }
            return true;
        } finally {
            source.end(request);
        }
    }

    /** Waits as long as it is told to. @return whether the client stayed */
    private static boolean stays(Socket socket, BufferedInputStream in, BooleanSupplier wait) throws IOException {
        socket.setSoTimeout(LOOK_EVERY_MILLIS);
        while (wait.getAsBoolean()) {
            try {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                throw new IOException("a second request on a connection before the answer to the first");
            } catch (SocketTimeoutException e) {
                continue;   // the client waits, as it should
            }
        }
        socket.setSoTimeout(0);
        return true;
    }

    private static String listing(Map<String, Version> jobs, int request) {
        return jobs.entrySet().stream().map(job -> entity(job.getKey(), job.getValue(), request))
                .collect(Collectors.joining(",", "{\"value\":[", "]}"));
    }

    private static String entity(String jobId, Version version, int request) {
        return "{\"Id\":\"" + jobId + "\",\"Name\":\"" + version.name() + "\",\"State\":" + code(version) + ",\"Created\":\""
                + version.createdAt() + "\",\"TemplateId\":\"" + request + "\"}";
    }

    private static int code(Version version) {
        return switch (version.state()) {
            case QUEUED -> 0;
            case SCHEDULED -> 1;
            case PROCESSING -> 2;
            case FINISHED -> 3;
            case ERROR -> 4;
            case CANCELED -> 5;
            case CANCELING -> 6;
            case UNKNOWN -> throw new IllegalArgumentException("the protocol has no such state");
        };
    }

    private static void send(Socket socket, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " \r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    }

    /** {@return a line without its end, or null where the client has gone} */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
