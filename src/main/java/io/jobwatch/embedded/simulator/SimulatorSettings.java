package io.jobwatch.embedded.simulator;

import java.util.Optional;
import java.util.Set;

/**
 * What to simulate. Together with the moment of its start this determines everything the simulator ever says.
 *
 * @param host           address to listen on
 * @param port           port to listen on, 0 for any free one
 * @param jobs           how many jobs arrive in all, at least 1
 * @param seed           determines ids, names, times, outcomes and which requests a fault strikes
 * @param speed          how much faster than life the script runs; 1 brings a job about every 3.5 s
 * @param faults         faults on the wire
 * @param faultRate      the fraction of requests that each fault strikes; no request is struck twice, so that all together are at most 1
 * @param bearerToken    what {@code Authorization: Bearer} must carry; empty lets everyone in
 * @param rootRedirects  whether {@link EncoderSimulator#url()} is a root endpoint that answers 301 with the account's own one
 */
public record SimulatorSettings(
        String host,
        int port,
        int jobs,
        long seed,
        double speed,
        Set<Fault> faults,
        double faultRate,
        Optional<String> bearerToken,
        boolean rootRedirects) {

    public static final String LOOPBACK = "127.0.0.1";
    public static final double DEFAULT_FAULT_RATE = 0.1;

    /** The limit keeps the arithmetic of times exact. */
    private static final double MAX_SPEED = 10_000;
    private static final int MAX_JOBS = 1_000_000;

    public SimulatorSettings {
        faults = Set.copyOf(faults);
        require(port >= 0 && port <= 65_535, "the port must be 0 to 65535, not " + port);
        require(jobs >= 1 && jobs <= MAX_JOBS, "the number of jobs must be 1 to " + MAX_JOBS + ", not " + jobs);
        require(speed > 0 && speed <= MAX_SPEED, "the speed must be above 0 and at most " + MAX_SPEED + ", not " + speed);
        require(faultRate >= 0 && faultRate * faults.size() <= 1.0 + 1e-9,
                "the fault rate must be 0 to 1 for all " + faults.size() + " faults together, not " + faultRate + " each");
    }

    /** {@return a simulator without faults on any free port of the loopback interface, open to all} */
    public static SimulatorSettings of(int jobs, long seed, double speed) {
        return new SimulatorSettings(LOOPBACK, 0, jobs, seed, speed, Set.of(), DEFAULT_FAULT_RATE, Optional.empty(), false);
    }

    public SimulatorSettings withPort(int other) {
        return new SimulatorSettings(host, other, jobs, seed, speed, faults, faultRate, bearerToken, rootRedirects);
    }

    public SimulatorSettings withFaults(Set<Fault> some, double rate) {
        return new SimulatorSettings(host, port, jobs, seed, speed, some, rate, bearerToken, rootRedirects);
    }

    public SimulatorSettings withBearerToken(String token) {
        return new SimulatorSettings(host, port, jobs, seed, speed, faults, faultRate, Optional.of(token), rootRedirects);
    }

    public SimulatorSettings withRootRedirects() {
        return new SimulatorSettings(host, port, jobs, seed, speed, faults, faultRate, bearerToken, true);
    }

    /** The token stays out of every text. */
    @Override
    public String toString() {
        return "SimulatorSettings[" + host + ":" + port + ", jobs=" + jobs + ", seed=" + seed + ", speed=" + speed + ", faults=" + faults
                + ", faultRate=" + faultRate + ", token=" + (bearerToken.isPresent() ? "******" : "none")
                + ", rootRedirects=" + rootRedirects + "]";
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
