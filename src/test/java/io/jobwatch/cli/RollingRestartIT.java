package io.jobwatch.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two instances, each with a standby of the other's state, are ended and started again in turn while jobs go on changing: nothing is lost
 * and nothing told twice. How long anything stood still is printed, and depends on the machine.
 */
class RollingRestartIT {
    /** So much of the load is seen before, so that the machine's own pauses can be told from those of the restart. */
    private static final Duration STEADY = Duration.ofSeconds(4);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private record Step(String what, Instant from) {
    }

    /** The other protocol takes as long again, so a usual build goes without; {@code .ci/run --long} does not. */
    static Stream<String> groupProtocols() {
        return Stream.of(System.getProperty("jobwatch.campaign.protocols", "classic").split(","));
    }

    @ParameterizedTest
    @MethodSource("groupProtocols")
    void shouldTellEachChangeOnceWhileInstancesAreRestartedInTurn(String groupProtocol) throws Exception {
        List<Step> steps = new ArrayList<>();
        try (SteadyLoad load = SteadyLoad.start(4, 20);
             Fleet fleet = new Fleet(folder, groupProtocol, load)) {
            for (String name : Fleet.INSTANCES) {
                fleet.launch(name, Release.current());
            }
            fleet.awaitShared("one", "two");
            steps.add(new Step("both run", Instant.now()));
            awaitTransitions(fleet, STEADY);
            for (String name : Fleet.INSTANCES) {
                Map<Path, String> before = fleet.storeNames(name);
                steps.add(new Step(name + " ends", Instant.now()));
                fleet.end(name);
                steps.add(new Step(name + " starts", Instant.now()));
                fleet.launch(name, Release.current());
                fleet.awaitShared("one", "two");
                fleet.assertKept(name, before);
            }
            fleet.assertOneWasSeenToKeep();
            steps.add(new Step("both run again", Instant.now()));
            awaitTransitions(fleet, Duration.ofSeconds(2));
            Instant end = Instant.now();
            load.halt();
            print(groupProtocol, fleet.witness(), steps, end);
            fleet.assertToldOnce();
            for (String name : Fleet.INSTANCES) {
                fleet.end(name);
            }
        }
    }

    private static void awaitTransitions(Fleet fleet, Duration during) {
        Instant until = Instant.now().plus(during);
        Awaitility.await().atMost(during.plusSeconds(60)).until(() -> fleet.witness().transitions().stream()
                .anyMatch(told -> told.at().isAfter(until)));
    }

    private static void print(String groupProtocol, LoadWitness witness, List<Step> steps, Instant end) {
        System.out.println("Rolling restart, two instances with a standby, group.protocol=" + groupProtocol);
        for (int i = 0; i < steps.size(); i++) {
            Instant to = i + 1 < steps.size() ? steps.get(i + 1).from() : end;
            System.out.printf("  %-15s %5.1f s: %s%n", steps.get(i).what(), Duration.between(steps.get(i).from(), to).toMillis() / 1e3,
                    witness.steadiness(steps.get(i).from(), to));
        }
        System.out.printf("  %-15s %5.1f s: %s%n", "from end to end", Duration.between(steps.get(1).from(), end).toMillis() / 1e3,
                witness.steadiness(steps.get(1).from(), end));
    }
}
