package io.jobwatch.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.ClientException.Kind;
import java.util.Optional;
import java.util.function.Function;

/**
 * A list that is asked for page by page, so that no more than a page is in memory. What changes while it is read may be missing: a list is
 * ordered by time, and what changes moves to its beginning. One thread.
 */
public final class Pages {
    private static final int LARGEST = 500;

    private final Function<Target, Answer> client;
    private final Target list;
    private long left;
    private int size = LARGEST;
    private Optional<String> cursor = Optional.empty();
    private boolean begun;

    /**
     * @param client asks
     * @param list   without limit and cursor
     * @param limit  the most items to read
     */
    public Pages(Function<Target, Answer> client, Target list, long limit) {
        this.client = client;
        this.list = list;
        this.left = limit;
    }

    /** {@return whether there may be another page within the limit} */
    public boolean hasNext() {
        return left > 0 && (!begun || cursor.isPresent());
    }

    /** {@return the next page, with its {@code items}} */
    public Answer next() {
        while (true) {
            try {
                Answer page = client.apply(list.with("limit", Math.min(size, left)).with("cursor", cursor));
                JsonNode next = page.body().path("nextCursor");
                cursor = next.isTextual() ? Optional.of(next.asText()) : Optional.empty();
                left -= page.body().path("items").size();
                begun = true;
                return page;
            } catch (ClientException e) {
                if (e.kind() != Kind.TOO_LARGE || size == 1) {
                    throw e;
                }
                size = Math.max(1, (int) Math.min(size, left) / 4);
            }
        }
    }

    /** {@return whether the limit left something unread} */
    public boolean more() {
        return cursor.isPresent();
    }
}
