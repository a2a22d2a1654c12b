package io.jobwatch.embedded.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** Decides which request a fault strikes, and does the harm. The n-th request's fate depends on the seed and n alone. Thread-safe. */
final class FaultyWire implements AutoCloseable {

    /** How long a dripping body takes in all: slow for a poller, yet within its deadline. */
    static final Duration SLOW_TOTAL = Duration.ofSeconds(3);
    private static final int DROPS = 30;

    private final List<Fault> faults;
    private final double rate;
    private final long seed;
    private final AtomicLong requests = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);

    FaultyWire(SimulatorSettings settings) {
        this.faults = settings.faults().stream().sorted().toList();
        this.rate = settings.faultRate();
        this.seed = settings.seed();
    }

    /** {@return the fault that strikes the request that has just come in, if any} */
    Optional<Fault> next() {
        double draw = new Random(Script.mix(seed, -1 - requests.incrementAndGet())).nextDouble();
        int which = rate == 0 ? faults.size() : (int) (draw / rate);
        return which < faults.size() ? Optional.of(faults.get(which)) : Optional.empty();
    }

    /**
     * {@return the entities of a page with one among them that is no job} There are few different ones, the same in every run of a seed,
     * as a damaged entity of a real service stays where it is. A full page is left alone: a good entity would have to go.
     */
    List<ObjectNode> withBadItem(List<ObjectNode> page, int top) {
        if (page.size() >= top) {
            return page;
        }
        Random random = new Random(Script.mix(seed, -1 - requests.get()));
        List<ObjectNode> mixed = new ArrayList<>(page);
        mixed.add(random.nextInt(page.size() + 1), badItem(random.nextInt(3)));
        return mixed;
    }

    private ObjectNode badItem(int kind) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        String id = "nb:jid:UUID:" + new UUID(Script.mix(seed, -1), Script.mix(seed, -2));
        switch (kind) {
            case 0 -> item.put("Name", "Encoding without an id").put("State", 2);
            case 1 -> item.put("Id", id).put("State", "very busy").putArray("Name").add("not").add("a text");
            default -> item.put("Id", 4711).put("Name", "Encoding with a number for an id").put("Created", true).putObject("State");
        }
        return item;
    }

    /** Sends half of the body under a length that promises all of it, and closes the connection. */
    void cut(Context ctx, byte[] body) throws IOException {
        ctx.res().setContentLength(body.length);
        ServletOutputStream out = ctx.res().getOutputStream();
        out.write(body, 0, body.length / 2);
        out.flush();
        closeConnection(ctx);
    }

    /** Sends the body in drops; ends at once, cut, when the simulator closes. */
    void drip(Context ctx, byte[] body) throws IOException {
        ctx.res().setContentLength(body.length);
        ServletOutputStream out = ctx.res().getOutputStream();
        for (int drop = 0; drop < DROPS; drop++) {
            int from = (int) ((long) body.length * drop / DROPS);
            int to = (int) ((long) body.length * (drop + 1) / DROPS);
            out.write(body, from, to - from);
            out.flush();
            if (closedWithin(SLOW_TOTAL.dividedBy(DROPS))) {
                closeConnection(ctx);
                return;
            }
        }
    }

    private boolean closedWithin(Duration pause) {
        try {
            return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static void closeConnection(Context ctx) throws IOException {
        ServletContextRequest.getServletContextRequest(ctx.req()).getConnectionMetaData().getConnection().close();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
