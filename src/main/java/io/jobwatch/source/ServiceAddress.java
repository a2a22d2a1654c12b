package io.jobwatch.source;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.SourceConfig;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The base address of a service's API, to which resources are appended. A query in it, such as an API key, goes with every request.
 * Immutable.
 */
public final class ServiceAddress {
    private final URI base;
    private final String query;

    private ServiceAddress(URI base, String query) {
        this.base = base;
        this.query = query;
    }

    /** @throws ConfigException if the configured url is no address of an HTTP service */
    public static ServiceAddress of(SourceConfig config) {
        URI url = config.url();
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new ConfigException("source " + config.name() + ": url: expected http(s)://host[:port][/path] without user and fragment"
                    + (url.getHost() == null ? "" : ", found one for " + Printable.address(url)) + "; credentials belong under auth");
        }
        return new ServiceAddress(url, url.getRawQuery());
    }

    /**
     * {@return the address of a resource}
     *
     * @param resource     a path without a slash at its beginning, percent-encoded
     * @param resourceQuery the query, percent-encoded; empty for none
     */
    public URI resolve(String resource, String resourceQuery) {
        String queries = Stream.of(Objects.requireNonNullElse(query, ""), resourceQuery).filter(part -> !part.isEmpty())
                .collect(Collectors.joining("&"));
        return URI.create(root() + "/" + resource + (queries.isEmpty() ? "" : "?" + queries));
    }

    /**
     * {@return the address that a redirect leads to} A service may answer with the new place of the resource or of the whole API.
     *
     * @param resource what was asked for when the redirect came, as given to {@link #resolve}
     */
    public ServiceAddress movedTo(URI target, String resource) {
        String path = Objects.requireNonNullElse(target.getRawPath(), "");
        String kept = path.endsWith("/" + resource) ? path.substring(0, path.length() - resource.length()) : path;
        return new ServiceAddress(URI.create(target.getScheme() + "://" + target.getRawAuthority() + kept), query);
    }

    /** {@return a value as it may stand in a path or query} */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String root() {
        String path = Objects.requireNonNullElse(base.getRawPath(), "").replaceFirst("/+$", "");
        return base.getScheme() + "://" + base.getRawAuthority() + path;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceAddress that && root().equals(that.root()) && Objects.equals(query, that.query);
    }

    @Override
    public int hashCode() {
        return root().hashCode();
    }

    @Override
    public String toString() {
        return Printable.address(base);
    }
}
