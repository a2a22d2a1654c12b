package io.jobwatch.poll;

import static io.jobwatch.poll.JobBuilder.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ConfigException;
import io.jobwatch.event.JobState;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.SourceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GuardedSourceTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ScriptedSource service = new ScriptedSource().shows(job("1", JobState.ERROR));
    private final AtomicBoolean ours = new AtomicBoolean();
    private final AtomicInteger looks = new AtomicInteger();
    private final CompletableFuture<Object> outcome = new CompletableFuture<>();
    private final JobSource guarded = new GuardedSource(() -> service, () -> {
        looks.incrementAndGet();
        return ours.get();
    });

    /** A call of the service. */
    private interface Call {
        Object make() throws Exception;
    }

    @Test
    void shouldListNothingUntilTheLaneIsKnownToBeOurs() {
        ask(() -> guarded.list(Optional.empty()));
        await().atMost(SOON).until(() -> looks.get() > 3);
        assertThat(service.lists()).isZero();

        ours.set(true);

        await().atMost(SOON).until(() -> service.lists() == 1);
    }

    @Test
    void shouldAskForNoSingleJobUntilTheLaneIsKnownToBeOurs() {
        ask(() -> {
            guarded.lookup("1");
            return guarded.withDetails(job("1", JobState.ERROR).build());
        });
        await().atMost(SOON).until(() -> looks.get() > 3);
        assertThat(service.calls()).isEmpty();

        ours.set(true);

        assertThat(outcome).succeedsWithin(SOON);
        assertThat(service.calls()).isEqualTo(List.of("lookup 1", "details 1"));
    }

    @Test
    void shouldEndByAnInterruptWhereTheLaneIsAnothers() {
        Thread asking = ask(() -> guarded.list(Optional.empty()));
        await().atMost(SOON).until(() -> looks.get() > 3);

        asking.interrupt();

        assertThat(outcome).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(InterruptedException.class);
        assertThat(service.lists()).isZero();
    }

    /** A certificate that is missing for a moment stopped all sources of the lane, and none said why. */
    @Test
    void shouldFailThePollOfASourceThatCannotBeMadeAndMakeItOnceItCan() throws Exception {
        AtomicBoolean there = new AtomicBoolean();
        JobSource late = new GuardedSource(() -> {
            if (!there.get()) {
                throw new ConfigException("tls: ca-file: /etc/ca.crt is missing");
            }
            return service;
        }, () -> true);

        assertThatThrownBy(() -> late.list(Optional.empty())).isInstanceOf(SourceException.class).hasMessageContaining("/etc/ca.crt");
        late.close();
        there.set(true);
        late.list(Optional.empty());

        assertThat(service.lists()).isEqualTo(1);
    }

    private Thread ask(Call call) {
        Thread thread = new Thread(() -> {
            try {
                outcome.complete(call.make());
            } catch (Exception e) {
                outcome.completeExceptionally(e);
            }
        });
        thread.start();
        return thread;
    }
}
