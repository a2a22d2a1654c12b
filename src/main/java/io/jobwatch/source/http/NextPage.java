package io.jobwatch.source.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.HttpJsonOptions.ListRequest;
import io.jobwatch.config.Paging;
import io.jobwatch.source.HttpAnswer;
import io.jobwatch.source.ServiceAddress;
import io.jobwatch.source.SourceException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the pages of one reading of a list are. Belongs to that reading. */
final class NextPage {
    /** No address is longer, and what looks for a link in it need not look farther. */
    private static final int MAX_LINK_CHARS = 8192;

    private static final Pattern LINK = Pattern.compile("<([^>]*+)>([^,\"]*+(?:\"[^\"]*+\"[^,\"]*+)*+)");
    private static final Pattern NEXT = Pattern.compile(";\\s*rel\\s*=\\s*(?:next\\b|\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\")",
            Pattern.CASE_INSENSITIVE);

    private final ServiceAddress address;
    private final ListRequest list;
    private final Map<String, String> values;
    private int page;
    private int read;

    /** @param values of the variables that are the same for all pages */
    NextPage(ServiceAddress address, ListRequest list, Map<String, String> values) {
        this.address = address;
        this.list = list;
        this.values = values;
        this.page = list.paging() instanceof Paging.Page pages ? pages.first() : 0;
    }

    /** {@return the address of the first page} */
    URI first() {
        return at(positions());
    }

    /**
     * {@return the address of the page after this one, or empty after the last one}
     *
     * @param root  the answer's body
     * @param items on the page
     */
    Optional<URI> after(HttpAnswer answer, JsonNode root, int items) throws SourceException {
        page++;
        read += items;
        Paging paging = list.paging();
        if (paging instanceof Paging.LinkHeader) {
            return linked(answer);
        }
        if (paging instanceof Paging.Token token) {
            return token(answer, root.at(token.next()));
        }
        if (paging instanceof Paging.Page pages) {
            return isLast(items, pages.size()) ? Optional.empty() : Optional.of(at(positions()));
        }
        if (paging instanceof Paging.Offset offset) {
            return isLast(items, offset.size()) ? Optional.empty() : Optional.of(at(positions()));
        }
        return Optional.empty();
    }

    private static boolean isLast(int items, OptionalInt size) {
        return items == 0 || size.isPresent() && items < size.getAsInt();
    }

    private Map<String, String> positions() {
        return Map.of("page", Integer.toString(page), "offset", Integer.toString(read));
    }

    private URI at(Map<String, String> position) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(position);
        return address.resolve(list.path().path(all), list.path().query(all));
    }

    private Optional<URI> token(HttpAnswer answer, JsonNode next) throws SourceException {
        String token = next.isValueNode() && !next.isNull() ? next.asText() : "";
        if (next.isContainerNode()) {
            throw answer.unusable("expected a token or an address at paging.next, found " + Values.shown(next));
        }
        if (token.isEmpty()) {
            return Optional.empty();
        }
        if (token.length() > MAX_LINK_CHARS) {
            throw answer.unusable("a token of " + token.length() + " characters, at most " + MAX_LINK_CHARS + " can be sent back");
        }
        if (!list.path().variables().contains("token")) {
            return Optional.of(answer.link(token, "the link to the next page"));
        }
        try {
            return Optional.of(at(Map.of("token", token)));
        } catch (IllegalArgumentException e) {
            throw answer.unusable("a token that cannot be sent back: " + e.getMessage());
        }
    }

    private static Optional<URI> linked(HttpAnswer answer) throws SourceException {
        for (String header : answer.headers("Link")) {
            if (header.length() > MAX_LINK_CHARS) {
                throw answer.unusable("a header Link of " + header.length() + " characters, at most " + MAX_LINK_CHARS + " are read");
            }
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (NEXT.matcher(link.group(2)).find()) {
                    return Optional.of(answer.link(link.group(1), "the link to the next page"));
                }
            }
        }
        return Optional.empty();
    }
}
