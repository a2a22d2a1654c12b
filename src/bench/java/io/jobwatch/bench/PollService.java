package io.jobwatch.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service with many accounts that speaks the protocol of Azure Media Services v2, as far as listings need it. It knows when it changed
 * a job, and counts what it is asked. Thread-safe.
 */
final class PollService implements AutoCloseable {
    private static final Pattern PATH = Pattern.compile("/(\\d+)/Jobs");
    private static final Pattern NUMBER = Pattern.compile("\\$(top|skip)=(\\d+)");
    private static final int PAGE = 1000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final List<Account> accounts = new ArrayList<>();
    private final Map<Long, Requests> bySecond = new ConcurrentHashMap<>();

    /** Jobs of one account: the first ones are live, the others have ended. */
    private static final class Account {
        private final int jobs;
        private final int live;
        private final int[] version;
        private final long[] changedNanos;

        private Account(int jobs, int live) {
            this.jobs = jobs;
            this.live = live;
            this.version = new int[jobs];
            this.changedNanos = new long[jobs];
        }
    }

    /**
     * What was asked in a time.
     *
     * @param count requests
     * @param bytes of the answers' bodies
     */
    record Requests(long count, long bytes) {
        Requests plus(Requests other) {
            return new Requests(count + other.count, bytes + other.bytes);
        }
    }

    /** @param sizes jobs of each account, and how many of them are live */
    PollService(List<Size> sizes) {
        sizes.forEach(size -> accounts.add(new Account(size.jobs(), size.live())));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /**
     * How large an account is.
     *
     * @param jobs all
     * @param live those that have not ended
     */
    record Size(int jobs, int live) {
    }

    URI url(int account) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + account);
    }

    /** Gives a live job news. */
    void change(int account, int job) {
        Account changed = accounts.get(account);
        synchronized (changed) {
            changed.version[job]++;
            changed.changedNanos[job] = System.nanoTime();
        }
    }

    /** {@return when the job's present news came, or -1 if these are not its present news} */
    long changedNanos(int account, int job, int version) {
        Account known = accounts.get(account);
        synchronized (known) {
            return known.version[job] == version ? known.changedNanos[job] : -1;
        }
    }

    /** {@return what was asked in each second, by {@link System#nanoTime()} in seconds} */
    Map<Long, Requests> bySecond() {
        return Map.copyOf(bySecond);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getRawQuery();
            Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
            if (!path.find()) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = page(accounts.get(Integer.parseInt(path.group(1))), query == null ? "" : query).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
            bySecond.merge(System.nanoTime() / 1_000_000_000, new Requests(1, body.length), Requests::plus);
        }
    }

    private static String page(Account account, String rawQuery) {
        String query = URLDecoder.decode(rawQuery, StandardCharsets.UTF_8);
        int top = PAGE;
        int skip = 0;
        Matcher numbers = NUMBER.matcher(query);
        while (numbers.find()) {
            int value = Integer.parseInt(numbers.group(2));
            if (numbers.group(1).equals("top")) {
                top = Math.min(PAGE, value);
            } else {
                skip = value;
            }
        }
        // No job is created while it is measured, so a filter by time finds none; the other filter is for those that are live.
        boolean byTime = query.contains("Created");
        boolean live = query.contains("State");
        int end = byTime ? 0 : live ? account.live : account.jobs;
        StringBuilder json = new StringBuilder("{\"value\":[");
        synchronized (account) {
            for (int job = skip; job < Math.min(end, skip + top); job++) {
                json.append(job == skip ? "" : ",").append("{\"Id\":\"nb:jid:UUID:").append(job).append("\",\"Name\":\"v")
                        .append(account.version[job]).append("\",\"Created\":\"2026-01-01T00:00:00\"")
                        .append(",\"LastModified\":\"2026-01-01T00:00:00\"")
                        .append(",\"StartTime\":\"2026-01-01T00:00:01\",\"EndTime\":")
                        .append(job < account.live ? "null" : "\"2026-01-01T01:00:00\"")
                        .append(",\"Priority\":0,\"RunningDuration\":0.0,\"State\":").append(job < account.live ? 2 : 3)
                        .append(",\"TemplateId\":null,\"JobNotificationSubscriptions\":[]}");
            }
        }
        return json.append("]}").toString();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
