package io.jobwatch.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept connection over which one request follows another, with as little work as HTTP allows: a client that does more would be what is
 * measured on a machine that it shares with the server. One thread.
 */
final class HttpConnection implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];

    HttpConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    }

    /**
     * Asks and reads the whole answer.
     *
     * @return the number of bytes of the body
     * @throws BenchException if the status is not 200
     */
    long get(String path) throws IOException {
        return get(path, null);
    }

    /** {@return the body} As {@link #get(String)} otherwise. */
    byte[] body(String path) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        get(path, body);
        return body.toByteArray();
    }

    private long get(String path, ByteArrayOutputStream sink) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String status = line();
        long length = -1;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
            if (name.equals("content-length")) {
                length = Long.parseLong(header.substring(header.indexOf(':') + 1).strip());
            } else if (name.equals("transfer-encoding")) {
                chunked = true;
            }
        }
        if (chunked) {
            length = 0;
            for (int chunk = Integer.parseInt(line(), 16); chunk > 0; chunk = Integer.parseInt(line(), 16)) {
                read(chunk, sink);
                line();
                length += chunk;
            }
            line();
        } else {
            read(length, sink);
        }
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new BenchException("expected the status 200 for " + path + ", found " + status);
        }
        return length;
    }

    private void read(long bytes, ByteArrayOutputStream sink) throws IOException {
        for (long left = bytes; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(left, BUFFER));
            if (count < 0) {
                throw new IOException("the answer broke off");
            }
            if (sink != null) {
                sink.write(buffer, 0, count);
            }
            left -= count;
        }
    }

    private String line() throws IOException {
        int length = 0;
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || length == BUFFER) {
                throw new IOException("expected the line of an answer, found its end");
            }
            buffer[length++] = (byte) next;
        }
        return new String(buffer, 0, Math.max(0, length - 1), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
