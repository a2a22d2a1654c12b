package io.jobwatch.topic;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text as CloudEvents allows it in an attribute (1.0.2, "Type System"): without the control characters C0, DEL and C1, and without Unicode's
 * noncharacters. A service may put any text into the id of a job; those characters are percent-encoded here, and {@code %} too, so that no
 * two texts become one and decoding gives the text back. All else stays as it is: the Kafka binding wants UTF-8, not ASCII.
 */
final class AttributeText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private AttributeText() {
    }

    /** {@return the text, which is the same array where nothing had to be encoded} */
    static byte[] of(byte[] utf8) {
        for (byte b : utf8) {
            // Nearly all ids are plain ASCII; a byte of anything else is negative, and is looked at more closely.
            if (b < ' ' || b == '%' || b == 0x7f) {
                return encoded(new String(utf8, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            }
        }
        return utf8;
    }

    private static String encoded(String text) {
        StringBuilder allowed = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> {
            if (c == '%' || Character.isISOControl(c) || isNoncharacter(c)) {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    allowed.append('%').append(HEX.toHexDigits(b));
                }
            } else {
                allowed.appendCodePoint(c);
            }
        });
        return allowed.toString();
    }

    /** The last two of each plane, and thirty-two that Unicode put aside. */
    private static boolean isNoncharacter(int c) {
        return (c & 0xfffe) == 0xfffe || c >= 0xfdd0 && c <= 0xfdef;
    }
}
