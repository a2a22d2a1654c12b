package io.jobwatch.source;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Secret;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The request headers that authenticate jobwatch with a service, and the means to keep them out of every text. Immutable. */
final class Credentials {
    private static final String MASK = "******";

    private final Map<String, String> headers;
    private final List<String> secrets;

    private Credentials(Map<String, String> headers, List<String> secrets) {
        this.headers = headers;
        // The longest first: a secret may be a part of another.
        this.secrets = secrets.stream().filter(secret -> !secret.isBlank())
                .sorted(Comparator.comparing(String::length).reversed()).toList();
    }

    /**
     * @throws ConfigException if HTTP does not allow a header's name or value; the message does not tell the value
     */
    static Credentials of(AuthConfig auth) {
        Map<String, String> headers = new LinkedHashMap<>();
        List<String> secrets = new ArrayList<>();
        if (auth instanceof AuthConfig.Bearer bearer) {
            headers.put("Authorization", "Bearer " + reveal(bearer.token(), secrets));
        } else if (auth instanceof AuthConfig.Basic basic) {
            String pair = basic.user() + ":" + reveal(basic.password(), secrets);
            String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
            secrets.add(encoded);
            headers.put("Authorization", "Basic " + encoded);
        } else if (auth instanceof AuthConfig.Headers fixed) {
            fixed.headers().forEach((name, value) -> headers.put(name, reveal(value, secrets)));
        } else if (auth instanceof AuthConfig.SlurmJwt slurm) {
            headers.put("X-SLURM-USER-NAME", slurm.user());
            headers.put("X-SLURM-USER-TOKEN", reveal(slurm.token(), secrets));
        }
        headers.forEach(Credentials::check);
        return new Credentials(headers, secrets);
    }

    void addTo(HttpRequest.Builder request) {
        headers.forEach(request::setHeader);
    }

    /** {@return the text with a mask in the place of every secret, for a service may repeat what it was sent} */
    String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    private static String reveal(Secret secret, List<String> secrets) {
        secrets.add(secret.reveal());
        return secret.reveal();
    }

    private static void check(String name, String value) {
        boolean allowed;
        try {
            HttpRequest.newBuilder(URI.create("http://localhost")).setHeader(name, value);
            allowed = true;
        } catch (IllegalArgumentException e) {
            // Its message may quote the value, so that it must not be passed on, not even as a cause.
            allowed = false;
        }
        if (!allowed) {
            throw new ConfigException("auth: the header \"" + Printable.quote(name)
                    + "\" cannot be sent: HTTP allows neither line breaks nor control characters in it, and some names (Host,"
                    + " Content-Length …) are the client's own; check for a line break at the end of the secret");
        }
    }
}
