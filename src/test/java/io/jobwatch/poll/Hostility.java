package io.jobwatch.poll;

import io.jobwatch.source.HostileServer.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a service may do to a poller instead of answering. */
enum Hostility {
    TOO_MANY_REQUESTS("HTTP 429: slow down", (service, c) -> c.answer(429, "Retry-After: 120\r\n", "{\"message\":\"slow down\"}")),
    TOO_MANY_REQUESTS_DATE("HTTP 429", (service, c) -> c.answer(429, oddDates(), "")),
    UNAVAILABLE("HTTP 503: Server is busy", (service, c) -> c.answer(503, "Retry-After: 120\r\n",
            "{\"odata.error\":{\"code\":\"\",\"message\":{\"lang\":\"en-US\",\"value\":\"Server is busy\"}}}")),
    UNAVAILABLE_DATE("HTTP 503", (service, c) -> c.answer(503, oddDates(), "")),
    ERRORS("HTTP 500", (service, c) -> c.answer(500, "", "{\"message\":\"oops\"}")),
    EXPIRED_TOKEN("HTTP 401: \\*{6} has expired \\(check the source's auth\\)",
            (service, c) -> c.answer(401, "", "{\"message\":\"" + HostileService.TOKEN + " has expired\"}")),
    REFUSED("no connection", (service, c) -> service.stopListening()),
    RESET("the connection broke|the answer was cut off", (service, c) -> {
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"value\":[");
        c.socket().setSoLinger(true, 0);
    }),
    STALLS("no complete answer within 1 s", (service, c) -> {
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"value\":[");
        c.closingWithin(60_000);
    }),
    DRIPS("no complete answer within 1 s", (service, c) -> {
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{\"value\":[");
        while (!c.closingWithin(20)) {
            c.send(" ");
        }
    }),
    NEVER_ENDS("the answer is larger than 33554432 bytes", (service, c) -> {
        c.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"value\":[");
        String block = " ".repeat(1 << 16);
        while (!c.closingWithin(0)) {
            c.send(block);
        }
    }),
    CUT("the answer was cut off", (service, c) -> c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"value\":[")),
    CUT_JSON("not valid JSON", (service, c) -> c.answer(200, "", "{\"value\":[{\"Id\":\"c\",\"State\":2}")),
    HTML("HTML or XML instead of JSON", (service, c) -> c.answer(200, "", "<!DOCTYPE html><html><title>Sign in</title></html>")),
    NESTED("not valid JSON", (service, c) -> c.answer(200, "", "{\"value\":[{\"Id\":\"c\",\"State\":2,\"Deep\":" + "[".repeat(100_000))),
    REPEATED_PAGE("brings nothing new but announces more", (service, c) -> c.answer(200, "", service.firstPage())),
    REDIRECT("sends to another host", (service, c) -> c.answer(302, "Location: " + service.elsewhere() + "/api/Jobs\r\n", ""));

    /** For how long those that say so want to be left alone. */
    static final Duration ASKED = Duration.ofSeconds(120);
    static final Set<Hostility> ASKING = EnumSet.of(TOO_MANY_REQUESTS, TOO_MANY_REQUESTS_DATE, UNAVAILABLE, UNAVAILABLE_DATE);

    /** The harm done to one request. */
    private interface Strike {
        void at(HostileService service, Connection connection) throws IOException, InterruptedException;
    }

    private final String reason;
    private final Strike strike;

    Hostility(String reason, Strike strike) {
        this.reason = reason;
        this.strike = strike;
    }

    /** {@return a regular expression for the words that tell an operator what is wrong} */
    String reason() {
        return reason;
    }

    /** {@return the name of a source} */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Duration deadline() {
        return this == STALLS || this == DRIPS ? Duration.ofSeconds(1) : Duration.ofSeconds(30);
    }

    void strike(HostileService service, Connection connection) throws IOException, InterruptedException {
        strike.at(service, connection);
    }

    /** The clock of the service is years behind. */
    private static String oddDates() {
        return "Date: Thu, 01 Jan 2015 00:00:00 GMT\r\nRetry-After: Thu, 01 Jan 2015 00:02:00 GMT\r\n";
    }
}
