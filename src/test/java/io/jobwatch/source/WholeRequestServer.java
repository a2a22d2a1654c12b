package io.jobwatch.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server that reads whole requests, bodies included, and answers each, byte for byte, as a test decides; one request a connection. */
public final class WholeRequestServer implements AutoCloseable {

    /** Decides what is sent, as ISO 8859-1. */
    public interface Answering {
        String answer(Request request) throws Exception;
    }

    /** @param client the subject of the client's certificate; empty where there is none */
    public record Request(String method, String target, String head, String body, String client) {

        /** {@return the value of a header, or an empty text} */
        public String header(String name) {
            return head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": "))
                    .map(line -> line.substring(name.length() + 2)).findFirst().orElse("");
        }
    }

    private final ServerSocket socket;
    private final Answering answering;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    public WholeRequestServer(Answering answering) throws IOException {
        this(answering, new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
    }

    private WholeRequestServer(Answering answering, ServerSocket socket) {
        this.answering = answering;
        this.socket = socket;
        start(this::accept);
    }

    public static WholeRequestServer tls(SSLContext context, boolean needClient, Answering answering) throws IOException {
        SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        socket.setNeedClientAuth(needClient);
        return new WholeRequestServer(answering, socket);
    }

    /** {@return an answer, properly framed} */
    public static String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " Whatever\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n" + headers
                + "\r\n" + body;
    }

    public URI url() {
        return URI.create((socket instanceof SSLServerSocket ? "https" : "http") + "://127.0.0.1:" + socket.getLocalPort());
    }

    /** The requests so far. */
    public List<Request> requests() {
        return requests;
    }

    private void accept() {
        while (!closed) {
            try {
                Socket accepted = socket.accept();
                open.add(accepted);
                start(() -> serve(accepted));
            } catch (IOException e) {
                closed = true;
            }
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            Optional<Request> request = read(accepted);
            if (request.isPresent()) {
                requests.add(request.get());
                accepted.getOutputStream().write(answering.answer(request.get()).getBytes(StandardCharsets.ISO_8859_1));
                accepted.getOutputStream().flush();
                accepted.shutdownOutput();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // The client went away or refused us; the test sees that at the client.
            return;
        }
    }

    private static Optional<Request> read(Socket accepted) throws IOException {
        InputStream in = accepted.getInputStream();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return Optional.empty();
            }
            bytes.write(next);
        }
        String head = bytes.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        String[] line = head.lines().findFirst().orElse("").split(" ");
        Request without = new Request(line[0], line[1], head, "", "");
        String length = without.header("Content-Length");
        String body = new String(in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)), StandardCharsets.UTF_8);
        return Optional.of(new Request(line[0], line[1], head, body, client(accepted)));
    }

    private static String client(Socket accepted) {
        try {
            return accepted instanceof SSLSocket tls ? tls.getSession().getPeerPrincipal().getName() : "";
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "whole-request-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
