package io.jobwatch.cli;

import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.JobHistory;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Jobs of a simulated encoder that come and change at a steady rate, for as long as a test needs, and then stand still: what is true at
 * that moment stays true. Several sources look at the same jobs, so that there is polling for each instance.
 */
final class SteadyLoad implements AutoCloseable {
    /** More than come while a test may last. */
    private static final int JOBS = 20_000;
    private static final long SEED = 7;

    private final HaltableClock clock = new HaltableClock();
    private final EncoderSimulator simulator;
    private final List<String> sources;

    private SteadyLoad(int sources, double speed) {
        this.simulator = EncoderSimulator.start(SimulatorSettings.of(JOBS, SEED, speed), clock);
        this.sources = IntStream.range(0, sources).mapToObj(i -> "encoder-" + (char) ('a' + i)).toList();
    }

    /** @param speed as of {@link SimulatorSettings}: a job each 3.5 s divided by it, with four changes or so */
    static SteadyLoad start(int sources, double speed) {
        return new SteadyLoad(sources, speed);
    }

    List<String> sources() {
        return sources;
    }

    /** {@return the sources as items of a configuration} */
    String configuration() {
        return sources.stream().map(name -> "  - {name: %s, type: ams-v2, url: \"%s\", account: contoso, poll-interval: 300ms,\n     %s}\n"
                .formatted(name, simulator.url(), "start-from: all")).collect(Collectors.joining());
    }

    /** Nothing comes and nothing changes from now on. */
    void halt() {
        clock.halt();
    }

    /** {@return what happened to the jobs} */
    List<JobHistory> truth() {
        return simulator.history();
    }

    @Override
    public void close() {
        simulator.close();
    }

    /** Shows the system's time until it is halted, and that moment from then on. */
    private static final class HaltableClock extends Clock {
        private volatile Instant halted;

        void halt() {
            halted = Instant.now();
        }

        @Override
        public Instant instant() {
            Instant stands = halted;
            return stands == null ? Instant.now() : stands;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("no calendar is read here");
        }
    }
}
