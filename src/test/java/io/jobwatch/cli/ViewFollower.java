package io.jobwatch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.job.JobLoad.Change;
import io.jobwatch.query.stream.EventClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows the stream of events through all that happens, from one instance to the next, with the id of the last event that it got: when the
 * connection ends, when nothing comes for a while, when it is told to, and now and then by itself. However often it moves, it must be told
 * each change of the busy source once, and those of a job in their order.
 */
final class ViewFollower implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** So that a halted instance is left; one that only has nothing to tell may be left, too. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int LONGEST_STAY_MILLIS = 4_000;

    private final ViewLoad load;
    private final ViewLog log;
    private final Random random;
    private final ConcurrentSkipListMap<String, QueriedInstance> instances = new ConcurrentSkipListMap<>();
    private final Map<String, Long> told = new ConcurrentHashMap<>();
    private final AtomicReference<String> wanted = new AtomicReference<>("");
    private final Thread thread = new Thread(this::follow, "view-follower");
    private volatile String lastId;
    private volatile String read = "";
    private volatile int moves;
    private volatile boolean closing;

    ViewFollower(ViewLoad load, ViewLog log, long seed) {
        this.load = load;
        this.log = log;
        this.random = new Random(seed);
    }

    /** There is a new life of an instance, in place of the one before. */
    void add(String name, QueriedInstance instance) {
        instances.put(name, instance);
    }

    void remove(String name) {
        instances.remove(name);
    }

    void start() {
        thread.start();
    }

    /** {@return whether it has a position, so that it misses nothing from now on} */
    boolean hasBegun() {
        return lastId != null;
    }

    /** Moves to an instance, and stays there until it moves by itself. */
    void moveTo(String name) {
        wanted.set(name);
    }

    /** {@return the instance whose stream it is reading, or empty} */
    String reads() {
        return read;
    }

    /** {@return the jobs of the busy source of which it was not told all that they go through} */
    List<String> missing() {
        return load.keys().stream().filter(ViewFollower::isBusy)
                .filter(key -> told.getOrDefault(key, 0L) < load.path(key).size()).toList();
    }

    /** {@return on how many connections it got something} */
    int moves() {
        return moves;
    }

    private void follow() {
        String name = "";
        while (!closing) {
            name = next(name);
            QueriedInstance instance = instances.get(name);
            if (instance != null) {
                try (EventClient client = instance.follow(lastId)) {
                    read(name, instance, client);
                } catch (RuntimeException e) {
                    log.wrong(name + " could not be followed: " + e);
                } finally {
                    read = "";
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private String next(String name) {
        String asked = wanted.getAndSet("");
        if (instances.containsKey(asked)) {
            return asked;
        }
        Map.Entry<String, QueriedInstance> after = instances.higherEntry(name);
        Map.Entry<String, QueriedInstance> next = after == null ? instances.firstEntry() : after;
        return next == null ? "" : next.getKey();
    }

    private void read(String name, QueriedInstance instance, EventClient client) {
        boolean mayRefuse = instance.mayRefuse();
        long leaveAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_STAY_MILLIS));
        long heardAt = System.nanoTime();
        int taken = 0;
        boolean over = false;
        while (!over && !closing && wanted.get().isEmpty()) {
            over = client.answer().isDone();   // before the last look
            List<EventClient.Event> blocks = client.blocks();
            for (EventClient.Event block : blocks.subList(taken, blocks.size())) {
                take(name, block);
            }
            long now = System.nanoTime();
            if (blocks.size() > taken) {
                heardAt = now;
                moves += taken == 0 ? 1 : 0;
                read = name;
            }
            taken = blocks.size();
            over |= now - heardAt > SILENCE_NANOS || taken > 0 && now > leaveAt;
            LockSupport.parkNanos(LOOK_NANOS);
        }
        if (client.answer().isDone()) {
            requireReason(name, mayRefuse || instance.mayRefuse(), client);
        }
    }

    private void take(String name, EventClient.Event block) {
        if ("gap".equals(block.type())) {
            log.wrong(name + " told a gap though nothing is lost: " + block.data());
        } else if ("transition".equals(block.type())) {
            try {
                check(name, MAPPER.readTree(block.data()));
            } catch (JsonProcessingException e) {
                log.wrong(name + " told what is no JSON: " + block.data());
            }
        }
        lastId = block.id();
    }

    private void check(String name, JsonNode transition) {
        String key = ViewQuestions.key(transition);
        if (!isBusy(key)) {
            return;   // these may have been told before it began
        }
        long sequence = transition.get("sequence").asLong();
        long due = told.getOrDefault(key, 0L) + 1;
        if (sequence != due) {
            log.wrong(name + (sequence < due ? " repeated" : " went on with") + " the change " + sequence + " of " + key + " when " + due
                    + " was due");
        }
        told.put(key, sequence);
        List<Change> path = load.path(key);
        if (sequence > path.size() || !isThis(path.get((int) sequence - 1), transition)) {
            log.wrong(name + " told a change that never was: " + transition);
        }
    }

    private static boolean isThis(Change change, JsonNode transition) {
        List<String> skipped = new ArrayList<>();
        transition.get("skippedStates").forEach(state -> skipped.add(state.asText()));
        return transition.get("kind").asText().equals(change.kind().name()) && transition.get("attempt").asInt() == change.attempt()
                && transition.get("currentState").asText().equals(change.to().name())
                && (change.from() == null ? "null" : change.from().name()).equals(transition.get("previousState").asText("null"))
                && skipped.equals(change.skipped().stream().map(Enum::name).toList())
                && transition.get("observedAt").asText().equals(change.observedAt().toString());
    }

    /** A stream ends where its instance does, or for a reader that is too slow, which this one is not. */
    private void requireReason(String name, boolean mayRefuse, EventClient client) {
        String end;
        boolean wrong;
        try {
            HttpResponse<Void> answer = client.answer().join();
            end = "ended the stream with the status " + answer.statusCode();
            wrong = answer.statusCode() != 200 && answer.statusCode() != 503;
        } catch (CompletionException e) {
            end = "broke the stream off: " + e.getCause();
            wrong = !(e.getCause() instanceof IOException);
        }
        log.refused(log.phase(), name, "stream");
        if (wrong || !mayRefuse) {
            log.wrong(name + " " + end);
        }
    }

    private static boolean isBusy(String key) {
        return key.startsWith(ViewLoad.BUSY_SOURCE + "/");
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
