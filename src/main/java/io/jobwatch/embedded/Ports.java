package io.jobwatch.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.IntSupplier;

/** Chooses TCP ports on the loopback interface. */
public final class Ports {

    private Ports() {
    }

    /** {@return a port that was free a moment ago} */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EmbeddedException("no TCP port is free on the loopback interface: " + e.getMessage(), e);
        }
    }

    /** {@return a port that was free a moment ago, another one than the given} The system may hand out the same one twice in a row. */
    static int freeBeside(int taken) {
        return freeBeside(taken, Ports::free);
    }

    static int freeBeside(int taken, IntSupplier draw) {
        int port = draw.getAsInt();
        while (port == taken) {
            port = draw.getAsInt();
        }
        return port;
    }

    /** {@return whether nothing listens on the port now} */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
