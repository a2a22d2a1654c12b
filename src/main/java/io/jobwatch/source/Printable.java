package io.jobwatch.source;

import java.net.URI;

/** Foreign text and addresses in the form in which they may stand in an operator's log: one line, short, without secrets in the address. */
public final class Printable {

    /** What is quoted of a service's own words. */
    public static final int QUOTE_CHARS = 200;

    private Printable() {
    }

    /** {@return the text stripped, cut to {@value #QUOTE_CHARS} characters, its control characters escaped} */
    public static String quote(String text) {
        String stripped = text.strip();
        int end = Math.min(QUOTE_CHARS, stripped.length());
        if (end < stripped.length() && Character.isHighSurrogate(stripped.charAt(end - 1))) {
            end--;
        }
        String line = escaped(stripped.substring(0, end));
        return end < stripped.length() ? line + "…" : line;
    }

    /** {@return the whole text with its control characters (C0, DEL and C1) escaped} */
    public static String escaped(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        return line.toString();
    }

    /** {@return scheme, host, port and path; user and query may hold secrets and are left out} */
    public static String address(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return quote(uri.getScheme() + "://" + uri.getHost() + port + path);
    }
}
