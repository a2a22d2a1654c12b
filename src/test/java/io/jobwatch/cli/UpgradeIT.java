package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances are replaced by those of another release, one after the other, while jobs go on changing, and then back: nothing is lost,
 * nothing told twice, and each goes on with the files of its state.
 *
 * <p>From the first release on, {@code JOBWATCH_PREVIOUS_JAR} in the environment names the jar of the last one, and what is proven is that
 * the current sources can follow it and be taken back. Until then, and where it is not set, the current release stands for the last one and
 * {@link NextRelease} for what follows: then it is proven that the code which is there now bears a successor with a further optional field
 * in every record about jobs and a further node in the topology, not that any particular successor is well made. Schemas that are
 * incompatible, and names of stores, are the matter of ReleasedSchemasTest and TopologyNamesTest.
 */
class UpgradeIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void shouldTellEachChangeOnceWhileAReleaseIsReplacedAndTakenBack() throws Exception {
        Optional<Path> given = Optional.ofNullable(System.getenv("JOBWATCH_PREVIOUS_JAR")).map(Path::of);
        Release before = given.map(jar -> new Release("the release in " + jar, List.of(jar))).orElseGet(Release::current);
        Release after = given.isPresent() ? Release.current() : NextRelease.build(folder.resolve("next"));
        try (SteadyLoad load = SteadyLoad.start(2, 20);
             Fleet fleet = new Fleet(folder, "classic", load)) {
            Map<String, Map<Path, String>> stores = new HashMap<>();
            for (String name : Fleet.INSTANCES) {
                fleet.launch(name, before);
            }
            fleet.awaitShared("one", "two");
            for (String name : Fleet.INSTANCES) {
                stores.put(name, fleet.storeNames(name));
            }
            fleet.command(after, "one", "setup");

            fleet.replace("one", after);
            awaitBothTell(fleet, given.isEmpty() ? Optional.of("one") : Optional.empty());
            fleet.replace("two", after);
            assertSameStores(fleet, stores);

            fleet.replace("one", before);
            awaitBothTell(fleet, given.isEmpty() ? Optional.of("two") : Optional.empty());
            fleet.replace("two", before);
            assertSameStores(fleet, stores);

            fleet.assertOneWasSeenToKeep();
            load.halt();
            fleet.assertToldOnce();
            for (String name : Fleet.INSTANCES) {
                fleet.end(name);
            }
        }
    }

    private static void assertSameStores(Fleet fleet, Map<String, Map<Path, String>> before) throws IOException {
        for (String name : Fleet.INSTANCES) {
            fleet.assertKept(name, before.get(name));
        }
    }

    /** Who works on which partitions, and since when at the latest. */
    private record Shares(Map<String, Set<Integer>> partitions, Instant since) {
    }

    /**
     * Returns when each instance has told a transition, from now on, of a partition that it works on all that time. The events and the
     * transitions of a job are in partitions of the same number.
     *
     * @param next the instance whose transitions bear the mark of {@link NextRelease}, which those of the other one do not
     */
    private static void awaitBothTell(Fleet fleet, Optional<String> next) {
        AtomicReference<Shares> shares = new AtomicReference<>(new Shares(Map.of(), Instant.now()));
        await().atMost(SOON).until(() -> {
            Map<String, Set<Integer>> partitions = fleet.shares();
            if (!partitions.equals(shares.get().partitions())) {
                shares.set(new Shares(partitions, Instant.now()));
            }
            var later = fleet.witness().transitions().stream()
                    .filter(told -> told.value().getObservedAt().isAfter(shares.get().since())).toList();
            return Fleet.INSTANCES.stream().allMatch(name -> later.stream().anyMatch(told ->
                    partitions.getOrDefault(name, Set.of()).contains(told.record().partition())
                            && isMarked(told) == next.filter(name::equals).isPresent()));
        });
        if (next.isPresent()) {
            assertThat(fleet.witness().transitions()).as("transitions that continue what the other release told").anyMatch(told ->
                    told.value().getSequence() > 1 && isMarked(told));
        }
    }

    private static boolean isMarked(LoadWitness.Told<?> told) {
        Header header = told.record().headers().lastHeader(NextRelease.HEADER);
        return header != null && new String(header.value(), StandardCharsets.UTF_8).equals(NextRelease.NAME);
    }
}
