package io.jobwatch.query.http;

import java.util.regex.Pattern;

/**
 * Answers only those who mean this machine. A web page can point a name of its own at 127.0.0.1 (DNS rebinding) and would read everything
 * through its visitor's browser; the {@code Host} header then carries that name.
 */
final class HostCheck {
    /** Every address that the server may be configured to listen on. */
    private static final Pattern LOCAL = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private HostCheck() {
    }

    /** {@return whether the header names this machine, with any port} */
    static boolean isLocal(String host) {
        if (host == null) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        String name = hasPort ? host.substring(0, colon) : host;
        return LOCAL.matcher(name).matches() && (!hasPort || host.substring(colon + 1).matches("\\d{0,5}"));
    }
}
