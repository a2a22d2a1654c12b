package io.jobwatch.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that says byte for byte what a test wants it to say, one request a connection. */
public final class HostileServer implements AutoCloseable {

    /** What to send; the request has been read. Returning closes the connection. */
    public interface Answer {
        void send(Connection connection) throws IOException, InterruptedException;
    }

    /** The server's end of a connection, and the head of the request that came over it. */
    public record Connection(Socket socket, String head, CountDownLatch closing) {

        public void send(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /** Sends an answer of a status with a body, properly framed. */
        public void answer(int status, String headers, String body) throws IOException {
            send("HTTP/1.1 " + status + " Whatever\r\nConnection: close\r\nContent-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + headers + "\r\n" + body);
        }

        /** Waits; true if the server is closing. */
        public boolean closingWithin(long millis) throws InterruptedException {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        }
    }

    private final Answer answer;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch brokenByClient = new CountDownLatch(1);
    private volatile ServerSocket socket;

    public HostileServer(Answer answer) throws IOException {
        this.answer = answer;
        listen(0);
    }

    public static HostileServer saying(String... parts) throws IOException {
        return new HostileServer(connection -> connection.send(String.join("", parts)));
    }

    /** An answer of a status with a body, properly framed. */
    public static HostileServer status(int status, String headers, String body) throws IOException {
        return new HostileServer(connection -> connection.answer(status, headers, body));
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** The heads of the requests so far. */
    public List<String> requests() {
        return requests;
    }

    /** Whether the client dropped a connection while it was being answered, waiting ten seconds for it at the most. */
    public boolean droppedByClient() throws InterruptedException {
        return brokenByClient.await(10, TimeUnit.SECONDS);
    }

    /** From now on connections are refused. */
    public void stopListening() throws IOException {
        socket.close();
    }

    /** Accepts connections again, at the same address. */
    public void listenAgain() throws IOException {
        listen(socket.getLocalPort());
    }

    private void listen(int port) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 200);
        socket = listening;
        start(() -> accept(listening));
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket accepted = listening.accept();
                open.add(accepted);
                start(() -> serve(accepted));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            BufferedReader in = new BufferedReader(new InputStreamReader(accepted.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            in.mark(1);
            boolean tlsHello = in.read() == 0x16; // there are no lines to be read in that
            in.reset();
            for (String line = tlsHello ? null : in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            requests.add(head.toString());
            start(() -> watch(in));
            answer.send(new Connection(accepted, head.toString(), closing));
        } catch (IOException e) {
            brokenByClient.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(accepted);
        }
    }

    /** The client sends nothing more: what ends this reading is its going away. */
    private void watch(BufferedReader in) {
        try {
            if (in.read() < 0 && closing.getCount() > 0) {
                brokenByClient.countDown();
            }
        } catch (IOException e) {
            if (closing.getCount() > 0) {
                brokenByClient.countDown();
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "hostile-server");
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
