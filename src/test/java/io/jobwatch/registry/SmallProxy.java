package io.jobwatch.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * An HTTP proxy that passes one request or tunnel of each connection on to where it is told, whatever host is asked for, and writes down
 * the heads of the requests that it could read.
 */
final class SmallProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private volatile String refusal;

    /** @param target port on the loopback address that every host stands for */
    SmallProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    threads.execute(() -> serve(client));
                } catch (IOException e) {
                    return;   // closed
                }
            }
        });
    }

    /** From now on every request is answered with this status and reason. */
    void refuse(String status) {
        refusal = status;
    }

    int port() {
        return server.getLocalPort();
    }

    List<String> heads() {
        return heads;
    }

    private void serve(Socket client) {
        try (client; Socket registry = new Socket()) {
            String head = head(client.getInputStream());
            heads.add(head);
            if (refusal != null) {
                client.getOutputStream().write(("HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            registry.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            if (head.startsWith("CONNECT ")) {
                client.getOutputStream().write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                String address = head.split(" ")[1];
                registry.getOutputStream().write(head.replaceFirst(Pattern.quote(address), URI.create(address).getRawPath())
                        .replaceFirst("(?i)\r\nConnection: [^\r]*", "").replaceFirst("\r\n", "\r\nConnection: close\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            threads.execute(() -> copy(client, registry));
            copy(registry, client);
        } catch (IOException e) {
            // One of the two has gone: nothing is left to pass on.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the head does not end");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void copy(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
