package io.jobwatch.config;

import java.util.List;

/** Who may ask queries. */
public sealed interface QueryAuth {

    /** Whoever reaches the address, which therefore has to be a loopback address. */
    record None() implements QueryAuth {
    }

    /**
     * Whoever shows one of these tokens.
     *
     * @param tokens at least one; with several, a token can be replaced while the one before still works
     */
    record Bearer(List<AccessToken> tokens) implements QueryAuth {
        public Bearer {
            tokens = List.copyOf(tokens);
            if (tokens.isEmpty()) {
                throw new IllegalArgumentException("without a token nobody could ask");
            }
        }
    }
}
