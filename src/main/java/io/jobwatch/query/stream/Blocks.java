package io.jobwatch.query.stream;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the blocks of an event stream, each with its blank line, in UTF-8 (WHATWG HTML, 9.2 server-sent events). */
final class Blocks {

    private Blocks() {
    }

    static byte[] transition(String id, byte[] json) {
        byte[] head = ascii("event: transition\nid: " + id + "\ndata: ");
        byte[] block = new byte[head.length + json.length + 2];
        System.arraycopy(head, 0, block, 0, head.length);
        System.arraycopy(json, 0, block, head.length, json.length);
        block[block.length - 2] = '\n';
        block[block.length - 1] = '\n';
        return block;
    }

    static byte[] gap(String id, List<Gap> gaps) {
        return ascii("event: gap\nid: " + id + "\ndata: " + gaps.stream()
                .map(gap -> "{\"partition\":" + gap.partition() + ",\"from\":" + gap.from() + ",\"to\":" + gap.to() + "}")
                .collect(Collectors.joining(",", "{\"partitions\":[", "]}")) + "\n\n");
    }

    /** {@return a block that a client hands to nobody, but takes the id of} */
    static byte[] position(String id) {
        return ascii("id: " + id + "\n\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
