package io.jobwatch.registry;

/** Texts from outside, as they may stand in a message. */
final class RegistryText {
    private static final int MAX_CHARS = 2_000;

    private RegistryText() {
    }

    /** {@return a text without control characters, and not too long} */
    static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "…";
    }

    /** {@return what a failure and its causes say, each once; the name of its class where none says anything} */
    static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
        }
        return text.isEmpty() ? failure.getClass().getSimpleName() : oneLine(text.toString());
    }
}
