package io.jobwatch.cli.client;

import io.jobwatch.cli.client.ClientException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Follows a stream of events for as long as it is let. When the connection is lost it connects again, with back-off and jitter, where the
 * last event ended. One thread; an interrupt ends it.
 */
public final class EventFollower {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Is told what happens. */
    public interface Listener {
        /** {@return whether to go on} */
        boolean event(ServerEvent event);

        /** The connection is lost, or was not had again; there is another try after the pause. */
        void lost(String why, Duration pause);

        /** There is a connection again. */
        void found();

        /** The other side does not know the place where the last event ended; what is new follows, and what was between is missing. */
        void forgotten(String why);
    }

    private final Function<String, EventStream> streams;
    private final Duration silence;
    private final Pause pause;
    private final DoubleSupplier random;
    private String lastId = "";
    private Duration nextPause = FIRST_PAUSE;

    /**
     * @param streams opens a stream after the event with an id, empty for from now on
     * @param silence how long a stream that lives may say nothing
     * @param pause   waits between two tries
     * @param random  from 0 to 1, for the jitter
     */
    public EventFollower(Function<String, EventStream> streams, Duration silence, Pause pause, DoubleSupplier random) {
        this.streams = streams;
        this.silence = silence;
        this.pause = pause;
        this.random = random;
    }

    /**
     * Follows until the listener has enough.
     *
     * @throws ClientException      if there is no stream at first, or the other side refuses to go on
     * @throws InterruptedException if the thread was interrupted
     */
    public void follow(Listener listener) throws InterruptedException {
        EventStream first = streams.apply(lastId);
        String why = read(first, listener);
        while (why != null) {
            if (Thread.interrupted()) {
                throw new InterruptedException("told to end");
            }
            Duration time = jittered();
            listener.lost(why, time);
            pause.take(time);
            nextPause = nextPause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? nextPause.multipliedBy(2) : LONGEST_PAUSE;
            why = again(listener);
        }
    }

    /** {@return why the connection is lost, or null where the listener has enough} */
    private String again(Listener listener) throws InterruptedException {
        EventStream stream;
        try {
            stream = open(listener);
        } catch (ClientException e) {
            if (e.kind() != Kind.UNAVAILABLE) {
                throw e;
            }
            return e.getMessage();
        }
        listener.found();
        return read(stream, listener);
    }

    /** What else is asked was right the first time, so it is the id that is wrong: the topic was made anew, or another jobwatch answers. */
    private EventStream open(Listener listener) {
        try {
            return streams.apply(lastId);
        } catch (ClientException e) {
            if (e.kind() != Kind.USAGE || lastId.isEmpty()) {
                throw e;
            }
            listener.forgotten(e.getMessage());
            lastId = "";
            return streams.apply(lastId);
        }
    }

    private String read(EventStream opened, Listener listener) throws InterruptedException {
        try (EventStream stream = opened) {
            while (true) {
                List<ServerEvent> events = stream.next(silence);
                // Only what is read tells that the connection is of use: a server may accept it and drop it.
                nextPause = stream.retry().filter(asked -> asked.compareTo(LONGEST_PAUSE) < 0).orElse(FIRST_PAUSE);
                for (ServerEvent event : events) {
                    if (!listener.event(event)) {
                        return null;
                    }
                }
                lastId = stream.lastId();
            }
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** A server that was restarted must not be met by all of its readers at once. */
    private Duration jittered() {
        long half = nextPause.toMillis() / 2;
        return Duration.ofMillis(half + (long) (half * random.getAsDouble()));
    }
}
