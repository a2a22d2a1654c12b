package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends what no client would send. */
final class RawHttp {

    private RawHttp() {
    }

    /** What came, taken apart. */
    record Answer(int status, String head, String body) {

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(body);
        }
    }

    /** {@return the answer to a GET of exactly this target, which asks for JSON} */
    static Answer get(int port, String target) throws IOException {
        String answer = answer(port, "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Accept: application/json\r\n\r\n");
        int end = answer.indexOf("\r\n\r\n");
        assertThat(end).as(answer).isPositive();
        return new Answer(Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), answer.substring(end + 4));
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
