package io.jobwatch.embedded.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * All that will happen, determined by the seed alone: the clock only decides how far the script has been played. A job depends on the
 * seed and its place, not on how many follow it.
 */
final class Script {

    /** How a job fares. Quick ones run through their states within a usual poll interval, so that polling misses some. */
    enum Outcome { FINISHED, FINISHED_QUICKLY, FAILED, FAILED_QUICKLY, CANCELED, CANCELED_WHILE_QUEUED }

    /** Of each {@link #DECK_SIZE} jobs in a row: 72 % finish, 16 % fail, 8 % are canceled at work and 4 % in the queue. */
    private static final Map<Outcome, Integer> DECK = new EnumMap<>(Map.of(
            Outcome.FINISHED, 16, Outcome.FINISHED_QUICKLY, 2,
            Outcome.FAILED, 3, Outcome.FAILED_QUICKLY, 1,
            Outcome.CANCELED, 2, Outcome.CANCELED_WHILE_QUEUED, 1));
    private static final int DECK_SIZE = 25;

    private static final long GAP_MILLIS = 3500;
    private static final int GAP_JITTER_MILLIS = 2500;

    private final List<ScriptedJob> jobs;
    private final long end;

    private Script(List<ScriptedJob> jobs) {
        this.jobs = List.copyOf(jobs);
        this.end = jobs.stream().mapToLong(ScriptedJob::endedAt).max().orElseThrow();
    }

    static Script write(int count, long seed) {
        List<ScriptedJob> jobs = new ArrayList<>(count);
        List<Outcome> deck = List.of();
        for (int i = 0; i < count; i++) {
            if (i % DECK_SIZE == 0) {
                deck = shuffled(seed, i / DECK_SIZE);
            }
            Random random = new Random(mix(seed, i));
            // The jitter stays below the gap, so that creation times rise with the place.
            long created = i == 0 ? 0 : i * GAP_MILLIS - random.nextInt(GAP_JITTER_MILLIS);
            jobs.add(i == 0 ? JobWriter.firstJob(random) : JobWriter.job(deck.get(i % DECK_SIZE), created, random));
        }
        return new Script(jobs);
    }

    /** {@return every job, by time of creation} */
    List<ScriptedJob> jobs() {
        return jobs;
    }

    /** {@return when the last job ends, in milliseconds of the script} */
    long end() {
        return end;
    }

    private static List<Outcome> shuffled(long seed, int deckNumber) {
        List<Outcome> deck = new ArrayList<>(DECK_SIZE);
        DECK.forEach((outcome, count) -> deck.addAll(Collections.nCopies(count, outcome)));
        Collections.shuffle(deck, new Random(mix(~seed, deckNumber)));
        if (deckNumber == 0) {
            // The first job fails: even the shortest run shows a report, and soon.
            Collections.swap(deck, 0, deck.indexOf(Outcome.FAILED));
        }
        return deck;
    }

    /** Spreads neighbouring seeds and places over all of a long's values (the finaliser of SplitMix64). */
    static long mix(long seed, long place) {
        long z = seed + (place + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
