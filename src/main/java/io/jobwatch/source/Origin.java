package io.jobwatch.source;

import java.net.URI;
import java.util.Locale;

/**
 * What stands before the path of an address, so written that two addresses have the same one exactly if they are at the same service.
 *
 * @param scheme in lower case
 * @param host   in lower case
 * @param port   the scheme's own where the address names none
 */
record Origin(String scheme, String host, int port) {

    static Origin of(URI uri) {
        String scheme = lower(uri.getScheme());
        return new Origin(scheme, lower(uri.getHost()), uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80);
    }

    String hostAndPort() {
        return host + ":" + port;
    }

    private static String lower(String part) {
        return String.valueOf(part).toLowerCase(Locale.ROOT);
    }
}
