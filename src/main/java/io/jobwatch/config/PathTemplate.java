package io.jobwatch.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path with variables and perhaps a query, below a source's url: {@code runs/{id}/jobs?page={page}}. What stands for a variable is
 * percent-encoded as a whole, so that it can neither add nor leave a part of the path. Immutable.
 */
public final class PathTemplate {
    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

    private final String path;
    private final String query;
    private final Set<String> variables;

    private PathTemplate(String path, String query, Set<String> variables) {
        this.path = path;
        this.query = query;
        this.variables = variables;
    }

    /**
     * {@return the template, or empty where the text is none}
     *
     * @param text percent-encoded where an address has to be, variables in braces; without a slash at its beginning
     */
    public static Optional<PathTemplate> parse(String text) {
        String plain = VARIABLE.matcher(text).replaceAll("x");
        try {
            URI uri = new URI("http://host/" + plain);
            // Neither empty nor this nor the upper folder, also in the place of the whole path.
            // A slash at the end is fine: some services have it so.
            String parts = uri.getRawPath().substring(1).replaceFirst("/$", "");
            boolean stays = !parts.isEmpty() && Arrays.stream(parts.split("/", -1))
                    .noneMatch(part -> part.equals(".") || part.equals("..") || part.isEmpty());
            if (!stays || uri.getRawFragment() != null) {
                return Optional.empty();
            }
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        String[] halves = text.split("\\?", 2);
        Set<String> variables = VARIABLE.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toUnmodifiableSet());
        return Optional.of(new PathTemplate(halves[0], halves.length > 1 ? halves[1] : "", variables));
    }

    /** {@return the names of the variables in it} */
    public Set<String> variables() {
        return variables;
    }

    /**
     * {@return the path, percent-encoded}
     *
     * @param values of all variables in the path
     * @throws IllegalArgumentException if a value is missing, or would stand for this or the upper folder
     */
    public String path(Map<String, String> values) {
        String expanded = expand(path, values);
        for (String part : expanded.split("/", -1)) {
            // Not even percent-encoding keeps these two from being taken for what they mean in a path.
            if (part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("\"" + part + "\" cannot be a part of a path");
            }
        }
        return expanded;
    }

    /** {@return the query, percent-encoded, without the parameters that name a variable which has no value; empty where there is none} */
    public String query(Map<String, String> values) {
        return Arrays.stream(query.split("&")).filter(parameter -> !parameter.isEmpty())
                .filter(parameter -> VARIABLE.matcher(parameter).results().allMatch(found -> values.containsKey(found.group(1))))
                .map(parameter -> expand(parameter, values)).collect(Collectors.joining("&"));
    }

    private static String expand(String text, Map<String, String> values) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException("no value for {" + found.group(1) + "}");
            }
            return Matcher.quoteReplacement(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathTemplate that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return query.isEmpty() ? path : path + "?" + query;
    }
}
