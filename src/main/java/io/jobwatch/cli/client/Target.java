package io.jobwatch.cli.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is asked for: a path under {@code /api/v1} and the parameters of its query. Immutable; its values may hold any character.
 */
public final class Target {
    private final List<String> segments;
    private final List<String> parameters;

    private Target(List<String> segments, List<String> parameters) {
        this.segments = segments;
        this.parameters = parameters;
    }

    /** {@return the resource with this path; each segment is one name, whatever it holds} */
    public static Target of(String... segments) {
        return new Target(List.of(segments), List.of());
    }

    /** {@return the same with another parameter} */
    public Target with(String name, Object value) {
        List<String> more = new ArrayList<>(parameters);
        more.add(encode(name) + "=" + encode(value.toString()));
        return new Target(segments, more);
    }

    /** {@return the same with a parameter for each of the values} */
    public Target withEach(String name, Collection<?> values) {
        Target target = this;
        for (Object value : values) {
            target = target.with(name, value);
        }
        return target;
    }

    /** {@return the same with another parameter, if there is a value for it} */
    public Target with(String name, Optional<?> value) {
        return value.<Target>map(present -> with(name, present)).orElse(this);
    }

    /** @param base where the server is, without a slash at the end */
    URI under(URI base) {
        String path = Stream.concat(Stream.of("/api/v1"), segments.stream().map(Target::encode)).collect(Collectors.joining("/"));
        return URI.create(base + path + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters)));
    }

    /** Forms write a space as a plus sign, which in a path means itself. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
