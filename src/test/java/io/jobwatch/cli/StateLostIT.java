package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folders of instances are no more than a copy of what the topics hold: when one is lost, and when all are lost at once, the state
 * comes back, and nothing is lost or told twice. How long that takes by the number of jobs is measured by {@code ops/bench/run.sh scale}.
 */
class StateLostIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void shouldRestoreTheStateOfOneInstanceAndOfAll() throws Exception {
        try (SteadyLoad load = SteadyLoad.start(2, 20);
             Fleet fleet = new Fleet(folder, "classic", load)) {
            loseAndStart(fleet, List.of());
            loseAndStart(fleet, List.of("one"));
            loseAndStart(fleet, Fleet.INSTANCES);

            load.halt();
            fleet.assertToldOnce();
            assertThat(fleet.witness().transitions()).as("transitions of jobs that were known before everything was lost").anyMatch(told ->
                    told.value().getSequence() > 1);
        }
    }

    /** Kills these instances, takes all that they kept away, and starts the ones that do not run. */
    private static void loseAndStart(Fleet fleet, List<String> lost) throws Exception {
        Set<String> before = new HashSet<>();
        for (String name : lost) {
            before.addAll(fleet.storeNames(name).values());
            fleet.kill(name);
            Utils.delete(fleet.dataFolder(name).toFile());
        }
        for (String name : lost.isEmpty() ? Fleet.INSTANCES : lost) {
            fleet.launch(name, Release.current());
        }
        fleet.awaitShared("one", "two");
        for (String name : lost) {
            assertThat(fleet.storeNames(name).values()).as("stores of %s, which are new", name).doesNotContainAnyElementsOf(before);
        }
        Instant now = Instant.now();
        await().atMost(Duration.ofSeconds(60)).until(() -> fleet.witness().transitions().stream()
                .anyMatch(told -> told.value().getObservedAt().isAfter(now) && told.value().getSequence() > 1));
    }
}
