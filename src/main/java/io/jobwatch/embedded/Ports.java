package io.jobwatch.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;

/**
 * Chooses TCP ports on the loopback interface. They are drawn from below those that systems give to who asks for any one, which are also those
 * of outgoing connections (RFC 6335: from 49152 on; Linux: from 32768 on): one of these that is free now may be a connection's in the moment
 * until somebody listens there.
 */
public final class Ports {
    private static final int FIRST = 15_000;
    private static final int END = 32_768;
    private static final int MOST_DRAWS = 1_000;

    private Ports() {
    }

    /** {@return a port that was free a moment ago} */
    public static int free() {
        for (int draw = 0; draw < MOST_DRAWS; draw++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new EmbeddedException("none of " + MOST_DRAWS + " TCP ports from " + FIRST + " to " + (END - 1)
                + " that were tried is free on the loopback interface", null);
    }

    /** {@return a port that was free a moment ago, another one than the given} */
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
