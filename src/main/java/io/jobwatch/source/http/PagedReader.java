package io.jobwatch.source.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.HttpJsonOptions.ListRequest;
import io.jobwatch.source.HttpAnswer;
import io.jobwatch.source.HttpExchange;
import io.jobwatch.source.ServiceAddress;
import io.jobwatch.source.SourceException;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks a service for JSON: for one thing, or for a list with all its pages. One thread at a time. */
final class PagedReader {
    /** At 100 items a page, which many services have as their limit, as many as can be watched. */
    static final int MAX_PAGES = 2000;

    private static final Map<String, String> HEADERS = Map.of("Accept", "application/json", "User-Agent", "jobwatch");

    /** Takes an item; false if it has been there before. */
    interface Taker {
        boolean take(JsonNode item);
    }

    /**
     * A list that was read to its end.
     *
     * @param began     the service's clock when it answered the first page
     * @param etag      of the list, where it is on one page and the service gives one
     * @param unchanged the service said that it is as the given etag says; nothing was read
     */
    record Read(Optional<Instant> began, Optional<String> etag, boolean unchanged) {
    }

    private final HttpExchange http;
    private final ServiceAddress address;

    PagedReader(HttpExchange http, ServiceAddress address) {
        this.http = http;
        this.address = address;
    }

    /**
     * Reads all pages of a list. One failed page fails it.
     *
     * @param values of the variables in its path
     * @param etag   of the reading before
     * @param limit  of items
     */
    Read read(ListRequest list, Map<String, String> values, Optional<String> etag, int limit, Taker taker)
            throws SourceException, InterruptedException {
        NextPage pages = new NextPage(address, list, values);
        Set<URI> asked = new HashSet<>();
        Optional<Instant> began = Optional.empty();
        Optional<String> tag = Optional.empty();
        int read = 0;
        int stale = 0;
        Optional<URI> next = Optional.of(pages.first());
        while (next.isPresent()) {
            boolean first = asked.isEmpty();
            asked.add(next.get());
            HttpAnswer answer = ask(next.get(), first ? etag : Optional.empty());
            if (first && etag.isPresent() && answer.status() == 304) {
                return new Read(answer.date(), etag, true);
            }
            JsonNode root = answer.requireOk().json();
            JsonNode items = root.at(list.items());
            if (!items.isArray()) {
                throw answer.unusable("expected a list at \"" + list.items() + "\" (items), found " + Values.shown(items));
            }
            boolean news = false;
            for (JsonNode item : items) {
                news |= taker.take(item);
            }
            stale = news || items.isEmpty() ? 0 : stale + 1;
            read += items.size();
            next = pages.after(answer, root, items.size());
            if (first) {
                began = answer.date();
                tag = next.isEmpty() ? answer.header("ETag") : Optional.empty();
            }
            if (next.isPresent()) {
                if (asked.contains(next.get())) {
                    throw answer.unusable("it leads to a page that was read already: the token or link to the next page is repeated");
                }
                // One page may hold nothing but what has moved to it.
                if (stale > 1) {
                    throw answer.unusable("page after page brings nothing new but announces more; does the service ignore the variable"
                            + " of its paging?");
                }
                if (read >= limit || asked.size() >= MAX_PAGES) {
                    throw answer.unusable("more than " + (read >= limit ? limit + " items" : MAX_PAGES + " pages") + " in the list");
                }
            }
        }
        return new Read(began, tag, false);
    }

    /** {@return the answer} One redirect within the same origin is followed. */
    HttpAnswer ask(URI uri, Optional<String> etag) throws SourceException, InterruptedException {
        Map<String, String> headers = new HashMap<>(HEADERS);
        etag.ifPresent(known -> headers.put("If-None-Match", known));
        HttpAnswer answer = http.get(uri, headers);
        Optional<URI> moved = answer.redirect();
        if (moved.isEmpty()) {
            return answer;
        }
        HttpAnswer there = http.get(moved.get(), headers);
        if (there.redirect().isPresent()) {
            throw there.unusable("a second redirect after the first");
        }
        return there;
    }
}
