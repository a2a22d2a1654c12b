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
import java.util.function.Predicate;

/**
 * Asks one life of an instance from a few threads until it is stopped, and holds each answer against what was published, what was
 * committed, and what the same life has said before.
 */
final class ViewQuestions implements AutoCloseable {
    private static final int PAGE = 100;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** These answers are large. */
    private static final long TROUBLE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int WAIT_MILLIS = 400;

    private final QueriedInstance instance;
    private final ViewLoad load;
    private final CommittedStatuses committed;
    private final ViewLog log;
    private final List<String> keys;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /** What a list is asked for, and which jobs it then holds. */
    private record Filter(String query, Predicate<String> keys, Optional<JobState> state) {
        private static final Filter NONE = new Filter("", any -> true, Optional.empty());

        private static Filter of(JobState state) {
            return new Filter("&state=" + state, any -> true, Optional.of(state));
        }

        private static Filter ofKeys(String query, Predicate<String> keys) {
            return new Filter(query, keys, Optional.empty());
        }
    }

    ViewQuestions(QueriedInstance instance, ViewLoad load, TroubleLoad troubles, CommittedStatuses committed, ViewLog log, long seed) {
        this.instance = instance;
        this.load = load;
        this.committed = committed;
        this.log = log;
        this.keys = load.keys().stream().sorted().toList();
        Random random = new Random(seed);
        TroubleQuestions trouble = new TroubleQuestions(instance, load, troubles, committed, log, random.nextLong(), () -> stopped);
        begin("by-key", () -> askForOne(keys.get(random.nextInt(keys.size()))));
        begin("wait", () -> askAndWait(random.nextBoolean() ? load.soon() : keys.get(random.nextInt(keys.size()))));
        begin("list", () -> {
            askForAll(Filter.NONE);
            askForAll(filter(random));
        });
        begin("summary", this::askForSummary);
        begin("trouble", () -> {
            trouble.ask();
            LockSupport.parkNanos(TROUBLE_PAUSE_NANOS);
        });
    }

    /** By state, account or name; by a name that jobs of the quiet source have, nothing may ever be missing. */
    private static Filter filter(Random random) {
        int number = random.nextInt(1, 40);
        return switch (random.nextInt(4)) {
            case 0 -> Filter.of(JobState.values()[random.nextInt(JobState.values().length)]);
            case 1 -> Filter.ofKeys("&account=" + ViewLoad.QUIET_ACCOUNT, key -> key.startsWith(ViewLoad.QUIET_SOURCE + "/"));
            case 2 -> Filter.ofKeys("&name=STILL-" + number, key -> key.contains("/still-" + number));
            default -> Filter.ofKeys("&name=ing%20Job-" + number, key -> key.contains("/job-" + number));
        };
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

    /** Waits for a change; without one, the wait must last as long as was asked, and show what is known at its end. */
    private void askAndWait(String key) throws InterruptedException {
        boolean mayEnd = instance.mayRefuse();
        long known = instance.told().at(key, System.nanoTime());
        Optional<Answer> answer = instance.ask("/api/v1/jobs/" + key + "?wait=" + WAIT_MILLIS + "ms&sequence=" + known);
        if (answer.isEmpty()) {
            return;
        }
        JsonNode status = answer.get().json();
        long sequence = status == null ? 0 : status.get("sequence").asLong();
        if (status == null) {
            requireNotBehind(key, 0, answer.get());
        } else {
            checkStatus(key, status, answer.get());
        }
        long end = answer.get().askedAt() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        if (sequence <= known && !mayEnd && !instance.mayRefuse()) {
            long due = committed.sightings().at(key, end - (long) (answer.get().lagSeconds() * 1e9));
            if (answer.get().gotAt() < end || due > sequence) {
                log.wrong(instance.name() + " ended a wait for " + key + " beyond " + known + " with " + sequence + " after "
                        + TimeUnit.NANOSECONDS.toMillis(answer.get().gotAt() - answer.get().askedAt()) + " ms, when " + due + " was known");
            }
        }
    }

    /** Reads all pages; those that did not change while they were read must be there once, and nobody twice. */
    private void askForAll(Filter filter) throws InterruptedException {
        Optional<PagedAnswers> answers = PagedAnswers.ask(instance, "/api/v1/jobs?limit=" + PAGE + filter.query(), PAUSE_NANOS,
                () -> stopped);
        if (answers.isEmpty()) {
            return;
        }
        Set<String> found = new HashSet<>();
        answers.get().forEach((status, answer) -> {
            String key = key(status);
            checkStatus(key, status, answer);
            if (!filter.keys().test(key) || filter.state().map(only -> !only.name().equals(status.get("state").asText())).orElse(false)) {
                log.wrong(instance.name() + " listed " + key + " as " + status.get("state") + ": " + answer.path());
            }
            if (!found.add(key)) {
                log.wrong(instance.name() + " listed " + key + " twice in one paging: " + answer.path());
            }
        });
        requireComplete(found, filter, answers.get());
    }

    private void requireComplete(Set<String> found, Filter filter, PagedAnswers answers) {
        committed.sightings().at(answers.knownAt()).forEach((key, sequence) -> {
            boolean unchanged = load.published().at(key, answers.endedAt()) == sequence;
            boolean listed = filter.keys().test(key) && filter.state().map(only -> only == change(key, sequence).to()).orElse(true);
            if (unchanged && listed && !found.contains(key)) {
                log.wrong(instance.name() + " left out " + key + " from a paging during which it did not change: "
                        + answers.pages().get(0).path());
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
