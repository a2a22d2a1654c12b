package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeaderDeadlineTest {
    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();
    private final HeaderDeadline deadline = new HeaderDeadline(Duration.ofMillis(50), scheduler, new SimpleMeterRegistry().counter("late"));

    /** A connection of which nothing comes. */
    private static class Silent extends AbstractConnection {
        final ByteArrayEndPoint endPoint;

        Silent(ByteArrayEndPoint endPoint) {
            super(endPoint, Runnable::run);
            this.endPoint = endPoint;
        }

        @Override
        public long getMessagesIn() {
            return 0;
        }

        @Override
        public long getBytesIn() {
            return 0;
        }

        @Override
        public void onFillable() {
            // nothing comes
        }
    }

    @BeforeEach
    void start() throws Exception {
        scheduler.start();
        deadline.start();
    }

    @AfterEach
    void stop() throws Exception {
        deadline.stop();
        scheduler.stop();
    }

    /** The deadline ended for all connections, for ever, when it could not ask one of them. */
    @Test
    void shouldWatchTheOthersWhateverOneConnectionThrows() {
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            deadline.onOpened(new Silent(new ByteArrayEndPoint()) {
                @Override
                public long getBytesIn() {
                    asked.incrementAndGet();
                    throw new IllegalStateException("cannot be asked");
                }
            });
        }
        await().until(() -> asked.get() > 0);
        Silent late = new Silent(new ByteArrayEndPoint());

        deadline.onOpened(late);

        await().until(() -> !late.endPoint.isOpen());
        assertThat(asked).as("one that cannot be asked is asked once").hasValue(2);
    }
}
