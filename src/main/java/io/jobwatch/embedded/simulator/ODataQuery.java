package io.jobwatch.embedded.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The query options of a request for entities.
 *
 * @param filter which jobs
 * @param top    how many at most, never above {@link #PAGE_LIMIT}
 * @param skip   how many to leave out first
 * @param select the properties wanted; empty for all
 */
record ODataQuery(Predicate<JobView> filter, int top, int skip, Optional<Set<String>> select) {

    /** The service never puts more entities into one response. */
    static final int PAGE_LIMIT = 1000;

    private static final Set<String> OPTIONS = Set.of("$filter", "$top", "$skip", "$select");

    /**
     * @param options the decoded query string
     * @throws ODataException with status 400 for an option that the service does not support or a value that it cannot read
     */
    static ODataQuery parse(Map<String, List<String>> options) {
        for (Map.Entry<String, List<String>> option : options.entrySet()) {
            if (option.getKey().startsWith("$") && !OPTIONS.contains(option.getKey())) {
                throw ODataException.badRequest("The query option \"" + option.getKey() + "\" is not supported.");
            }
            if (option.getValue().size() > 1) {
                throw ODataException.badRequest("The query option \"" + option.getKey() + "\" is given more than once.");
            }
        }
        return new ODataQuery(
                value(options, "$filter").map(ODataFilter::parse).orElse(view -> true),
                Math.min(PAGE_LIMIT, number(options, "$top", PAGE_LIMIT)),
                number(options, "$skip", 0),
                value(options, "$select").map(names -> Set.of(names.strip().split("\\s*,\\s*"))));
    }

    private static int number(Map<String, List<String>> options, String name, int otherwise) {
        return value(options, name).map(text -> {
            if (!text.matches("\\d{1,9}")) {
                throw ODataException.badRequest("The value of " + name + " must be a number from 0, not \"" + text + "\".");
            }
            return Integer.parseInt(text);
        }).orElse(otherwise);
    }

    private static Optional<String> value(Map<String, List<String>> options, String name) {
        return Optional.ofNullable(options.get(name)).map(values -> values.get(0));
    }
}
