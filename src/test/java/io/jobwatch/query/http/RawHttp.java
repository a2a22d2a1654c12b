package io.jobwatch.query.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends what no client would send. */
final class RawHttp {

    private RawHttp() {
    }

    /** {@return all that comes until the server closes the connection} */
    static String answer(int port, String request) throws IOException {
        try (Socket socket = open(port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return rest(socket);
        }
    }

    /** {@return a connection that fails when nothing comes for 20 s} */
    static Socket open(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
