package io.jobwatch.query.http;

import java.util.Locale;

/** The one choice of content that there is: a report as text or as JSON. */
final class Accept {

    private Accept() {
    }

    /**
     * {@return whether the header asks for JSON more than for plain text} Without the header, and where it likes both alike, text it is.
     */
    static boolean prefersJson(String header) {
        return header != null && quality(header, "application/json") > quality(header, "text/plain");
    }

    private static double quality(String header, String type) {
        double best = 0;
        int bestPrecision = -1;
        for (String range : header.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = range.split(";");
            int precision = precision(parts[0].trim(), type);
            if (precision > bestPrecision) {
                bestPrecision = precision;
                best = weight(parts);
            }
        }
        return best;
    }

    private static int precision(String range, String type) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1))) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    // RFC 9110 leaves a malformed weight to us: as if it were not asked for.
                    return 0;
                }
            }
        }
        return 1;
    }
}
