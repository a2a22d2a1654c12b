package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.QueriedInstance.Answer;
import io.jobwatch.event.JobState;
import io.jobwatch.job.JobLoad.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks one life of an instance from three threads until it is stopped, and holds each answer against what was published, what was
 * committed, and what the same life has said before.
 */
final class ViewQuestions implements AutoCloseable {
    private static final int PAGE = 100;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private final QueriedInstance instance;
    private final ViewLoad load;
    private final CommittedStatuses committed;
    private final ViewLog log;
    private final List<String> keys;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    ViewQuestions(QueriedInstance instance, ViewLoad load, CommittedStatuses committed, ViewLog log, long seed) {
        this.instance = instance;
        this.load = load;
        this.committed = committed;
        this.log = log;
        this.keys = load.keys().stream().sorted().toList();
        Random random = new Random(seed);
        begin("by-key", () -> askForOne(keys.get(random.nextInt(keys.size()))));
        begin("list", () -> {
            askForAll(Optional.empty());
            askForAll(Optional.of(JobState.values()[random.nextInt(JobState.values().length)]));
        });
        begin("summary", this::askForSummary);
    }

    @FunctionalInterface
    private interface Question {
        void ask() throws InterruptedException;
    }

    private void begin(String what, Question question) {
        Thread thread = new Thread(() -> {
            try {
                while (!stopped) {
                    question.ask();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();   // told to end
            } catch (RuntimeException e) {
                log.wrong(instance.name() + " could not be asked (" + what + "): " + e);
            }
        }, instance.name() + "-" + what);
        threads.add(thread);
        thread.start();
    }

    private void askForOne(String key) throws InterruptedException {
        Optional<Answer> answer = instance.ask("/api/v1/jobs/" + key);
        if (answer.isEmpty()) {
            return;
        }
        if (answer.get().json() == null) {
            requireNotBehind(key, 0, answer.get());
        } else {
            checkStatus(key, answer.get().json(), answer.get());
        }
    }

    /** Reads all pages; those that did not change while they were read must be there once, and nobody twice. */
    private void askForAll(Optional<JobState> state) throws InterruptedException {
        Set<String> found = new HashSet<>();
        long knownAt = 0;
        String cursor = null;
        do {
            Optional<Answer> answer = instance.ask("/api/v1/jobs?limit=" + PAGE + state.map(only -> "&state=" + only).orElse("")
                    + (cursor == null ? "" : "&cursor=" + cursor));
            if (answer.isEmpty()) {
                return;
            }
            knownAt = cursor == null ? answer.get().freshAt() : knownAt;
            for (JsonNode status : answer.get().json().get("items")) {
                String key = key(status);
                checkStatus(key, status, answer.get());
                if (state.isPresent() && !status.get("state").asText().equals(state.get().name())) {
                    log.wrong(instance.name() + " listed " + key + " as " + status.get("state") + " among those that are " + state.get());
                }
                if (!found.add(key)) {
                    log.wrong(instance.name() + " listed " + key + " twice in one paging");
                }
            }
            cursor = answer.get().json().get("nextCursor").textValue();
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (cursor != null && !stopped);
        if (!stopped) {
            requireComplete(found, state, knownAt, System.nanoTime());
        }
    }

    private void requireComplete(Set<String> found, Optional<JobState> state, long knownAt, long end) {
        committed.sightings().at(knownAt).forEach((key, sequence) -> {
            boolean unchanged = load.published().at(key, end) == sequence;
            if (unchanged && (state.isEmpty() || change(key, sequence).to() == state.get()) && !found.contains(key)) {
                log.wrong(instance.name() + " left out " + key + " from a paging of " + state.map(JobState::name).orElse("all")
                        + " during which it did not change");
            }
        });
    }

    private void askForSummary() throws InterruptedException {
        Optional<Answer> answer = instance.ask("/api/v1/summary");
        if (answer.isEmpty()) {
            return;
        }
        Map<String, Map<JobState, Long>> counts = counts(answer.get().json());
        Set<String> known = committed.sightings().at(answer.get().freshAt()).keySet();
        if (known.stream().filter(key -> key.startsWith(ViewLoad.QUIET_SOURCE + "/")).count()
                == load.quietCounts().values().stream().mapToLong(Long::longValue).sum()
                && !load.quietCounts().equals(counts.get(ViewLoad.QUIET_SOURCE))) {
            log.wrong(instance.name() + " counted " + counts.get(ViewLoad.QUIET_SOURCE) + " of " + ViewLoad.QUIET_SOURCE + ", expected "
                    + load.quietCounts());
        }
        long busy = counts.getOrDefault(ViewLoad.BUSY_SOURCE, Map.of()).values().stream().mapToLong(Long::longValue).sum();
        long least = busy(known);
        long most = busy(load.published().at(answer.get().gotAt()).keySet());
        if (busy < least || busy > most) {
            log.wrong(instance.name() + " counted " + busy + " jobs of " + ViewLoad.BUSY_SOURCE + ", expected " + least + " to " + most);
        }
    }

    private static long busy(Set<String> jobs) {
        return jobs.stream().filter(key -> key.startsWith(ViewLoad.BUSY_SOURCE + "/")).count();
    }

    /** {@return the counts of a summary by source, without those that are 0} */
    static Map<String, Map<JobState, Long>> counts(JsonNode summary) {
        Map<String, Map<JobState, Long>> counts = new HashMap<>();
        for (JsonNode source : summary.get("sources")) {
            Map<JobState, Long> states = new HashMap<>();
            source.get("states").properties().forEach(state -> {
                if (state.getValue().asLong() != 0) {
                    states.put(JobState.valueOf(state.getKey()), state.getValue().asLong());
                }
            });
            counts.put(source.get("source").asText(), states);
        }
        return counts;
    }

    static String key(JsonNode status) {
        return status.get("source").asText() + "/" + status.get("jobId").asText();
    }

    private void checkStatus(String key, JsonNode status, Answer answer) {
        long sequence = status.get("sequence").asLong();
        requireNotBehind(key, sequence, answer);
        if (sequence < 1 || sequence > load.published().at(key, answer.gotAt())) {
            log.wrong(instance.name() + " knows a change " + sequence + " of " + key + " that was not published: " + status);
            return;
        }
        Change change = change(key, sequence);
        if (!status.get("state").asText().equals(change.to().name()) || status.get("attempt").asInt() != change.attempt()
                || !status.get("changedAt").asText().equals(change.observedAt().toString())) {
            log.wrong(instance.name() + " said of " + key + " what never was so: expected " + change + ", found " + status);
        }
        instance.told().saw(key, sequence);
    }

    private void requireNotBehind(String key, long sequence, Answer answer) {
        long before = instance.told().at(key, answer.askedAt());
        if (sequence < before) {
            log.wrong(instance.name() + " went back from change " + before + " of " + key + " to " + sequence + ": " + answer.path());
        }
        long due = committed.sightings().at(key, answer.freshAt());
        if (sequence < due) {
            log.wrong(instance.name() + " is older than it says: it knows the change " + sequence + " of " + key + ", but " + due
                    + " was committed more than " + answer.lagSeconds() + " s ago: " + answer.path());
        }
    }

    private Change change(String key, long sequence) {
        return load.path(key).get((int) sequence - 1);
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(LockSupport::unpark);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
