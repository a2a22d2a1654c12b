package io.jobwatch.query.http;

import java.util.regex.Pattern;

/**
 * Answers only those who mean this machine. A web page can point a name of its own at 127.0.0.1 (DNS rebinding) and would read everything
 * through its visitor's browser; the {@code Host} header then carries that name.
 */
final class HostCheck {
    /** Every address that the server may be configured to listen on, with any port. */
    private static final Pattern LOCAL = Pattern.compile("(?i)(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{0,5})?");

    private HostCheck() {
    }

    /** {@return whether the header names this machine, with any port} */
    static boolean isLocal(String host) {
        return host != null && LOCAL.matcher(host).matches();
    }
}
