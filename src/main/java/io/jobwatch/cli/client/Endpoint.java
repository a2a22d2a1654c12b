package io.jobwatch.cli.client;

import io.jobwatch.config.Pem;
import io.jobwatch.config.Secret;
import io.jobwatch.config.TlsConfig;
import io.jobwatch.source.ClientTls;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a jobwatch is asked, and as whom.
 *
 * @param url    without a slash at the end
 * @param token  sent as a bearer token
 * @param caFile PEM of the certificates to trust instead of the platform's
 */
public record Endpoint(URI url, Optional<Secret> token, Optional<Path> caFile) {

    /**
     * {@return the address that a text says}
     *
     * @throws ClientException if it is none
     */
    public static URI url(String text) {
        String stripped = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI url = new URI(stripped);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            boolean bare = url.getRawQuery() == null && url.getRawFragment() == null && url.getRawUserInfo() == null;
            if (http && bare && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw notAnAddress();
        }
        throw notAnAddress();
    }

    /** It may hold a password, so it is not repeated. */
    private static ClientException notAnAddress() {
        return new ClientException(ClientException.Kind.USAGE,
                "the address of jobwatch (--url, or JOBWATCH_URL) must be http(s)://host[:port][/path], without user, query or fragment, "
                        + "such as http://127.0.0.1:8080");
    }

    /** {@return whether a token would cross a network in the clear} */
    public boolean revealsToken() {
        return token.isPresent() && "http".equalsIgnoreCase(url.getScheme())
                && !url.getHost().matches("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    }

    /** Redirects are not followed: a token must not reach another host. */
    HttpClient client() {
        HttpClient.Builder client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        if (caFile.isPresent()) {
            try {
                client.sslContext(ClientTls.context(new TlsConfig(caFile, Optional.empty(), Optional.empty())));
            } catch (Pem.PemException e) {
                throw new ClientException(ClientException.Kind.USAGE, "--ca-file: " + e.getMessage());
            }
        }
        return client.build();
    }
}
