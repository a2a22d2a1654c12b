package io.jobwatch.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a stream of server-sent events (HTML Living Standard, 9.2.6: interpreting an event stream) that comes in pieces of any size. What
 * an event that is cut off by the end of the stream had said is forgotten, its id included. One thread.
 */
final class ServerEventParser {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final int limit;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private boolean afterCarriageReturn;
    private boolean firstLine = true;
    private String type = "";
    private String id;
    private String lastId;
    private Optional<Duration> retry = Optional.empty();

    /**
     * @param lastId the id that a stream before this one ended with; empty where there was none
     * @param limit  the most bytes of an event
     */
    ServerEventParser(String lastId, int limit) {
        this.id = lastId;
        this.lastId = lastId;
        this.limit = limit;
    }

    /**
     * {@return the events that end in this piece}
     *
     * @throws IOException if an event is larger than the limit
     */
    List<ServerEvent> feed(ByteBuffer bytes) throws IOException {
        List<ServerEvent> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            boolean secondHalf = b == '\n' && afterCarriageReturn;
            afterCarriageReturn = b == '\r';
            if (b != '\r' && b != '\n') {
                line.write(b);
                if (line.size() + data.length() > limit) {
                    throw new IOException("an event is larger than " + limit + " bytes");
                }
            } else if (!secondHalf) {
                endOfLine().ifPresent(events::add);
            }
        }
        return events;
    }

    /** {@return where to go on after the last whole event; empty where the stream told no id} */
    String lastId() {
        return lastId;
    }

    /** {@return how long the stream asks to wait before connecting again, where it does} */
    Optional<Duration> retry() {
        return retry;
    }

    private Optional<ServerEvent> endOfLine() {
        // Line ends are not part of other characters in UTF-8, so a line holds whole ones.
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (firstLine) {
            firstLine = false;
            text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        }
        if (text.isEmpty()) {
            return dispatch();
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            field(text, "");
        } else if (colon > 0) {   // at the beginning it is a comment
            int value = text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
            field(text.substring(0, colon), text.substring(value));
        }
        return Optional.empty();
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    id = value;
                }
            }
            case "retry" -> {
                if (value.matches("[0-9]{1,9}")) {
                    retry = Optional.of(Duration.ofMillis(Long.parseLong(value)));
                }
            }
            default -> {
                // The standard has readers skip the fields that they do not know.
            }
        }
    }

    private Optional<ServerEvent> dispatch() {
        lastId = id;
        Optional<ServerEvent> event = data.isEmpty() ? Optional.empty()
                : Optional.of(new ServerEvent(type.isEmpty() ? "message" : type, data.substring(0, data.length() - 1), lastId));
        data.setLength(0);
        type = "";
        return event;
    }
}
