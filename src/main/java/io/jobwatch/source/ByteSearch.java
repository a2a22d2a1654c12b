package io.jobwatch.source;

import java.util.Arrays;

/** Looks for bytes in a body by Horspool's algorithm, which for a long pattern looks at few of the body's bytes. */
final class ByteSearch {

    private ByteSearch() {
    }

    /** @param pattern not empty */
    static boolean contains(byte[] body, byte[] pattern) {
        int last = pattern.length - 1;
        int[] skip = new int[256];
        Arrays.fill(skip, pattern.length);
        for (int i = 0; i < last; i++) {
            skip[pattern[i] & 0xff] = last - i;
        }
        int at = 0;
        while (at <= body.length - pattern.length) {
            byte end = body[at + last];
            if (end == pattern[last] && Arrays.equals(body, at, at + pattern.length, pattern, 0, pattern.length)) {
                return true;
            }
            at += skip[end & 0xff];
        }
        return false;
    }
}
