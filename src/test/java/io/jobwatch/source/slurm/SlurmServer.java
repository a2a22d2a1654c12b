package io.jobwatch.source.slurm;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.source.Listing;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.RequestLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A slurmrestd that gives recorded answers, byte for byte, one after the other; the last again and again. */
final class SlurmServer implements AutoCloseable {

    static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.e30.s3cr3t";

    private final ServerSocket socket;
    private final Queue<String> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private SlurmServer(List<String> answers) throws IOException {
        this.answers = new ArrayDeque<>(answers);
        this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::serve, "slurm-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** @param files of {@code src/test/resources/slurm}: whole answers ({@code .http}), or bodies of a 200 ({@code .json}) */
    static SlurmServer replaying(String... files) throws IOException {
        return new SlurmServer(List.of(files).stream().map(SlurmServer::recorded).toList());
    }

    static SlurmServer saying(int status, String contentType, String body) throws IOException {
        return new SlurmServer(List.of(answer(status, contentType, body)));
    }

    /** A listing of these records. */
    static SlurmServer listing(String... records) throws IOException {
        return saying(200, "application/json", "{\"meta\":{},\"errors\":[],\"jobs\":[" + String.join(",", records) + "]}");
    }

    /** {@return the jobs of a listing of these records} */
    static List<ObservedJob> jobs(String... records) throws Exception {
        try (SlurmServer server = listing(records); SlurmSource source = server.source(Clock.systemUTC())) {
            return snapshot(source).jobs();
        }
    }

    /** {@return the jobs of a recorded listing by their ids} */
    static Map<String, ObservedJob> recordedJobs(String file) throws Exception {
        try (SlurmServer server = replaying(file); SlurmSource source = server.source(Clock.systemUTC())) {
            Listing.Snapshot snapshot = snapshot(source);
            if (!snapshot.bad().isEmpty()) {
                throw new AssertionError(snapshot.bad().get(0).reason());
            }
            return snapshot.jobs().stream().collect(Collectors.toMap(ObservedJob::jobId, Function.identity()));
        }
    }

    static Listing.Snapshot snapshot(SlurmSource source) throws Exception {
        return (Listing.Snapshot) source.list(Optional.empty());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    SlurmSource source(Clock clock) {
        return source(config(url()), clock);
    }

    static SlurmSource source(SourceConfig config, Clock clock) {
        return new SlurmSource(config, clock, RequestLimits.alone(config));
    }

    static SourceConfig config(URI url) {
        return new SourceConfig("cluster", "slurm", url, "hpc-1", Optional.empty(), Duration.ofSeconds(1), Duration.ofSeconds(20),
                Duration.ofSeconds(60), new StartFrom.Now(), new AuthConfig.SlurmJwt("alice", new Secret(TOKEN)));
    }

    /** The heads of the requests so far. */
    List<String> requests() {
        return requests;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket accepted = socket.accept()) {
                BufferedReader in = new BufferedReader(new InputStreamReader(accepted.getInputStream(), StandardCharsets.ISO_8859_1));
                StringBuilder head = new StringBuilder();
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    head.append(line).append('\n');
                }
                requests.add(head.toString());
                String answer = answers.size() > 1 ? answers.remove() : answers.element();
                accepted.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static String recorded(String file) {
        try (InputStream in = SlurmServer.class.getResourceAsStream("/slurm/" + file)) {
            if (in == null) {
                throw new AssertionError("no such recording: " + file);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (file.endsWith(".json")) {
                return answer(200, "application/json", text);
            }
            int end = text.indexOf("\n\n");
            return text.substring(0, end).replace("\n", "\r\n") + "\r\n\r\n" + text.substring(end + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(int status, String contentType, String body) {
        return "HTTP/1.1 " + status + " Whatever\r\nConnection: Close\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\nContent-Type: " + contentType + "\r\n\r\n" + body;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
