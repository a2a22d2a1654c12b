package io.jobwatch.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was answered and what refused, and how old the views were, by what was happening at the time. Thread-safe. */
final class ViewLog {
    private static final int MAX_WRONG = 30;

    private final Map<String, Phase> phases = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private String current = "start";

    private static final class Phase {
        private final List<Double> lagSeconds = new ArrayList<>();
        private final Map<String, Integer> refusals = new TreeMap<>();
        private int stale;
        private long beganNanos;
        private long nanos;
    }

    ViewLog() {
        phase(current).beganNanos = System.nanoTime();
    }

    /** What happens from now on. The same may happen several times. */
    synchronized void enter(String phase) {
        long now = System.nanoTime();
        Phase before = phase(current);
        before.nanos += now - before.beganNanos;
        current = phase;
        phase(phase).beganNanos = now;
    }

    synchronized String phase() {
        return current;
    }

    /** Notes an answer, which an instance gave to a request of this phase. */
    synchronized void answered(String phase, double lagSeconds, boolean stale) {
        Phase of = phase(phase);
        of.lagSeconds.add(lagSeconds);
        of.stale += stale ? 1 : 0;
    }

    synchronized void refused(String phase, String instance, String kind) {
        phase(phase).refusals.merge(instance + " " + kind, 1, Integer::sum);
    }

    synchronized void wrong(String what) {
        if (wrong.size() < MAX_WRONG) {
            wrong.add(current + ": " + what);
        }
    }

    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** {@return the number of answers in a phase} */
    synchronized int answers(String phase) {
        return phase(phase).lagSeconds.size();
    }

    synchronized double maxLagSeconds(String phase) {
        return phase(phase).lagSeconds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /** {@return a table of all phases} */
    synchronized String table() {
        enter(current);   // ends the span of the last one
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%n%-10s %6s %8s %12s %12s %6s  refusals%n", "phase", "s",
                "answers", "lag p99, s", "lag max, s", "stale"));
        phases.forEach((name, phase) -> {
            List<Double> lags = new ArrayList<>(phase.lagSeconds);
            Collections.sort(lags);
            table.append(String.format(Locale.ROOT, "%-10s %6.1f %8d %12.3f %12.3f %6d  %s%n", name, phase.nanos / 1e9, lags.size(),
                    lags.isEmpty() ? 0 : lags.get((int) Math.ceil(0.99 * lags.size()) - 1), maxLagSeconds(name), phase.stale,
                    phase.refusals.isEmpty() ? "none" : phase.refusals));
        });
        return table.toString();
    }

    private Phase phase(String name) {
        return phases.computeIfAbsent(name, phase -> new Phase());
    }
}
