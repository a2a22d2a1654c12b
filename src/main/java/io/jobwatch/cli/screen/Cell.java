package io.jobwatch.cli.screen;

import io.jobwatch.event.JobState;
import io.jobwatch.job.JobStates;
import java.util.Arrays;

/**
 * A piece of text and the colour that underlines what it says; the colour alone never says anything.
 *
 * @param text on one line, without control characters
 */
public record Cell(String text, Colour colour) {
    /** For what is not there. */
    public static final Cell NONE = of("-");

    /** Colours that are legible on a dark and on a light background. */
    public enum Colour {
        PLAIN(""), GOOD("32"), BAD("31"), WARNING("33"), BUSY("36"), STRONG("1");

        private final String code;

        Colour(String code) {
            this.code = code;
        }

        /** {@return the text in this colour (ECMA-48, select graphic rendition)} */
        String paint(String text) {
            return code.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
        }
    }

    /** {@return a cell with a text of others, made harmless} */
    public static Cell of(String text) {
        return new Cell(ForeignText.line(text), Colour.PLAIN);
    }

    public static Cell of(long number) {
        return new Cell(Long.toString(number), Colour.PLAIN);
    }

    public static Cell of(String text, Colour colour) {
        return new Cell(ForeignText.line(text), colour);
    }

    /**
     * {@return a state as people read it}
     *
     * @param name as in the API; one that is not known here is shown as it is
     */
    public static Cell state(String name) {
        return Arrays.stream(JobState.values()).filter(state -> state.name().equals(name)).findFirst()
                .map(state -> new Cell(JobStates.label(state), colour(state))).orElseGet(() -> of(name));
    }

    private static Colour colour(JobState state) {
        return switch (state) {
            case FINISHED -> Colour.GOOD;
            case ERROR -> Colour.BAD;
            case CANCELED, CANCELING, UNKNOWN -> Colour.WARNING;
            case PROCESSING -> Colour.BUSY;
            case QUEUED, SCHEDULED -> Colour.PLAIN;
        };
    }
}
