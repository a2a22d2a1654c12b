package io.jobwatch.poll;

/** This instance may not write to the lane any more, or cannot know whether it did: what it remembers is void, and is to be read again. */
final class LaneLostException extends Exception {
    private static final long serialVersionUID = 1L;

    LaneLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
