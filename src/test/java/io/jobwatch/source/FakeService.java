package io.jobwatch.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An HTTP service on a real socket whose answers are a function of the requests. Connections are kept open, as by a real one. */
public final class FakeService implements AutoCloseable {

    /**
     * A request for something.
     *
     * @param target  path and query as they were sent
     * @param headers names in any case
     */
    public record Request(String target, Map<String, String> headers) {

        /** {@return the path as it was sent} */
        public String rawPath() {
            return target.split("\\?", 2)[0];
        }

        /** {@return the path, decoded} */
        public String path() {
            return URLDecoder.decode(rawPath().replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        /** {@return a parameter of the query, decoded} */
        public Optional<String> parameter(String name) {
            return Stream.of(target.split("\\?", 2)).skip(1).flatMap(query -> Stream.of(query.split("&")))
                    .map(pair -> URLDecoder.decode(pair, StandardCharsets.UTF_8)).filter(pair -> pair.startsWith(name + "="))
                    .map(pair -> pair.substring(name.length() + 1)).findFirst();
        }
    }

    /** What is answered. The length of the body is told; where the headers tell another, the connection ends. */
    public record Reply(int status, Map<String, String> headers, String body) {

        public static Reply json(String body) {
            return new Reply(200, Map.of("Content-Type", "application/json"), body);
        }

        public static Reply status(int status, String body) {
            return new Reply(status, Map.of("Content-Type", "application/json"), body);
        }

        /** {@return the same with another header} */
        public Reply with(String name, String value) {
            Map<String, String> all = new TreeMap<>(headers);
            all.put(name, value);
            return new Reply(status, all, body);
        }
    }

    private final ServerSocket socket;
    private final Function<Request, Reply> answers;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** @param answers called on a thread of the connection, so that it may block; what it throws drops the connection */
    public FakeService(Function<Request, Reply> answers) throws IOException {
        this.answers = answers;
        this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** {@return the requests so far} */
    public List<Request> requests() {
        return Collections.unmodifiableList(requests);
    }

    /** Blocks until the service closes: an answer that never comes. */
    public void stall() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (closing.getCount() > 0) {
            try {
                Socket accepted = socket.accept();
                accepted.setTcpNoDelay(true);
                open.add(accepted);
                start(() -> serve(accepted));
            } catch (IOException e) {
                if (closing.getCount() > 0) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            BufferedReader in = new BufferedReader(new InputStreamReader(accepted.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                    headers.put(header.split(":", 2)[0], header.split(":", 2)[1].strip());
                }
                Request request = new Request(line.split(" ")[1], Collections.unmodifiableMap(headers));
                requests.add(request);
                Reply reply = answers.apply(request);
                send(reply, accepted.getOutputStream());
                if (reply.headers().containsKey("Content-Length")) {
                    return; // what a test says of the length is a lie: nothing more follows
                }
            }
        } catch (IOException e) {
            // The client dropped the connection, or the test ended: what the client saw of it is what tests assert.
            open.remove(accepted);
        }
    }

    private static void send(Reply reply, OutputStream out) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (reply.status() != 304) {
            headers.put("Content-Length", Integer.toString(body.length));
        }
        headers.putAll(reply.headers());
        String head = headers.entrySet().stream().map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                .collect(Collectors.joining("", "HTTP/1.1 " + reply.status() + " Whatever\r\n", "\r\n"));
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fake-service");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
