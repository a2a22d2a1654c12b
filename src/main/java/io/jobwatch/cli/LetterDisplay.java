package io.jobwatch.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.source.Printable;
import io.jobwatch.topic.deadletter.DeadLetter;
import io.jobwatch.topic.deadletter.Place;
import io.jobwatch.topic.deadletter.ReplayNote;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Dead letters as they are shown. Their texts are of foreign origin. */
final class LetterDisplay {
    static final String NONE = "-";
    private static final int SHORT_KEY_CHARS = 60;

    private LetterDisplay() {
    }

    /** {@return the bytes as text, or empty where they are not UTF-8} */
    static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** {@return a key or a header's value on one line, whole} */
    static String line(byte[] bytes) {
        return bytes == null ? "(none)" : utf8(bytes).map(Printable::escaped).orElseGet(() -> "0x" + HexFormat.of().formatHex(bytes));
    }

    /** {@return a key for a column} */
    static String shortKey(byte[] key) {
        if (key == null) {
            return NONE;
        }
        String text = utf8(key).map(Printable::escaped).orElseGet(() -> "0x" + HexFormat.of().formatHex(key));
        return text.codePointCount(0, text.length()) <= SHORT_KEY_CHARS ? text
                : text.substring(0, text.offsetByCodePoints(0, SHORT_KEY_CHARS - 1)) + "…";
    }

    /** {@return the reason's word and what the failure says, on one line} */
    static String why(DeadLetter letter) {
        String message = Printable.quote(letter.message());
        String word = Printable.quote(letter.reason());
        return message.startsWith(word + ": ") ? message : word + ": " + message;
    }

    static String from(DeadLetter letter) {
        return letter.from().map(Place::toString).map(Printable::quote).orElse(NONE);
    }

    static ObjectNode json(DeadLetter letter, Optional<ReplayNote> replayed) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", letter.id().toString()).put("time", letter.time().toString()).put("origin", letter.origin())
                .put("reason", letter.reason()).put("message", letter.message()).put("exception", letter.exception())
                .put("source", letter.source().orElse(null));
        letter.from().ifPresentOrElse(from -> json.set("from", json(from)), () -> json.putNull("from"));
        json.put("key", letter.key() == null ? null : utf8(letter.key()).orElse(null))
                .put("keyBase64", letter.key()).put("valueBytes", letter.valueBytes() < 0 ? null : letter.valueBytes())
                .put("cut", letter.cut()).put("replayedFrom", letter.replayedFrom().map(Object::toString).orElse(null));
        replayed.ifPresentOrElse(note -> json.putObject("replayed").put("at", note.at().toString()).put("to", note.to()),
                () -> json.putNull("replayed"));
        return json;
    }

    static ObjectNode json(Place place) {
        return JsonNodeFactory.instance.objectNode().put("topic", place.topic()).put("partition", place.partition())
                .put("offset", place.offset());
    }
}
