package io.jobwatch.cli;

import java.io.PrintWriter;

/** Bytes for people: the offset, sixteen bytes in hexadecimal, and those that are ASCII. */
final class HexDump {
    private static final int WIDTH = 16;

    private HexDump() {
    }

    static void print(byte[] bytes, int length, String indent, PrintWriter out) {
        for (int start = 0; start < length; start += WIDTH) {
            StringBuilder hex = new StringBuilder();
            StringBuilder text = new StringBuilder();
            for (int i = start; i < Math.min(start + WIDTH, length); i++) {
                hex.append(String.format("%02x ", bytes[i]));
                text.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
            }
            out.printf("%s%08x  %-" + 3 * WIDTH + "s |%s|%n", indent, start, hex, text);
        }
    }
}
