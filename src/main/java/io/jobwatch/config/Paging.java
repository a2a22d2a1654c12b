package io.jobwatch.config;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.OptionalInt;

/** How a list goes on after its first page. */
public sealed interface Paging {

    /** It does not: everything is on one page. */
    record None() implements Paging {
    }

    /** The header {@code Link} with {@code rel="next"} (RFC 8288) leads to the next page. */
    record LinkHeader() implements Paging {
    }

    /**
     * {@code {page}} in the path counts the pages.
     *
     * @param first number of the first page
     * @param size  items on a full page: a page with fewer is the last; where it is not told, only an empty page is
     */
    record Page(int first, OptionalInt size) implements Paging {
    }

    /**
     * {@code {offset}} in the path counts the items before the page.
     *
     * @param size as of {@link Page}
     */
    record Offset(OptionalInt size) implements Paging {
    }

    /**
     * The body says what to ask for next: a token, which goes into the path as {@code {token}}, or, where the path has none, the address
     * of the next page.
     *
     * @param next where in the body it is; absent, null or empty on the last page
     */
    record Token(JsonPointer next) implements Paging {
    }
}
