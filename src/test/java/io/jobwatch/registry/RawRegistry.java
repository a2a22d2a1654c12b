package io.jobwatch.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Does to each connection what a test says, byte by byte, and closes it. */
final class RawRegistry implements AutoCloseable {

    /** What is done to a connection. */
    @FunctionalInterface
    interface Conduct {
        void meet(InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger connections = new AtomicInteger();

    RawRegistry(Conduct conduct) throws IOException {
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    connections.incrementAndGet();
                    threads.execute(() -> meet(socket, conduct));
                } catch (IOException e) {
                    return;   // closed
                }
            }
        });
    }

    private static void meet(Socket socket, Conduct conduct) {
        try (socket) {
            conduct.meet(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            // The client has gone: what it made of it is for the test to see.
        }
    }

    /** Reads one request: its head, and as many bytes as it says. */
    static String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request any more");
            }
            head.append((char) next);
        }
        int length = head.toString().lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip())).findFirst().orElse(0);
        in.readNBytes(length);
        return head.toString();
    }

    int connections() {
        return connections.get();
    }

    int port() {
        return server.getLocalPort();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
