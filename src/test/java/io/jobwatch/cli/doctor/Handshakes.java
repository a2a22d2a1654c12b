package io.jobwatch.cli.doctor;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** Takes connections and reads what comes, so that TLS is agreed on, or not. */
final class Handshakes {

    private Handshakes() {
    }

    /** Returns when the server is closed. */
    static void take(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // The client did not like the certificate, or the server was closed.
            }
        }
    }
}
