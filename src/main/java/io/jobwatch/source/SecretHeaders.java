package io.jobwatch.source;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.ConfigException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Headers made of configured secrets, some of which may stand in files and change. */
final class SecretHeaders implements Credentials {
    private final List<LiveSecret> secrets;
    private final Map<String, Supplier<String>> headers;

    private SecretHeaders(List<LiveSecret> secrets, Map<String, Supplier<String>> headers) {
        this.secrets = secrets;
        this.headers = headers;
    }

    /** @throws ConfigException if HTTP does not allow a header's name or value; the message does not tell the value */
    static SecretHeaders of(String source, AuthConfig auth, Mask mask, Clock clock) {
        List<LiveSecret> secrets = new ArrayList<>();
        Map<String, Supplier<String>> headers = new LinkedHashMap<>();
        if (auth instanceof AuthConfig.Bearer bearer) {
            LiveSecret token = new LiveSecret(source, "token", bearer.token(), mask, clock);
            secrets.add(token);
            headers.put("Authorization", () -> "Bearer " + token.value());
        } else if (auth instanceof AuthConfig.Basic basic) {
            LiveSecret password = new LiveSecret(source, "password", basic.password(), mask, clock);
            secrets.add(password);
            headers.put("Authorization", () -> basic(basic.user(), password.value(), mask));
        } else if (auth instanceof AuthConfig.Headers fixed) {
            fixed.headers().forEach((name, value) -> {
                LiveSecret secret = new LiveSecret(source, "header " + name, value, mask, clock);
                secrets.add(secret);
                headers.put(name, secret::value);
            });
        } else if (auth instanceof AuthConfig.SlurmJwt slurm) {
            LiveSecret token = new LiveSecret(source, "token", slurm.token(), mask, clock);
            secrets.add(token);
            headers.put("X-SLURM-USER-NAME", slurm::user);
            headers.put("X-SLURM-USER-TOKEN", token::value);
        }
        headers.forEach((name, value) -> check(name, value.get()));
        return new SecretHeaders(List.copyOf(secrets), headers);
    }

    @Override
    public Map<String, String> headers(Deadline deadline) {
        Map<String, String> now = new LinkedHashMap<>();
        headers.forEach((name, value) -> now.put(name, value.get()));
        return now;
    }

    /** A file may have changed since it was looked at. */
    @Override
    public Optional<Map<String, String>> insteadOf(Map<String, String> refused, Deadline deadline) {
        secrets.forEach(LiveSecret::reread);
        Map<String, String> now = headers(deadline);
        return now.equals(refused) ? Optional.empty() : Optional.of(now);
    }

    /** {@return the value of the Authorization header (RFC 7617), known to the mask} */
    static String basic(String user, String password, Mask mask) {
        String encoded = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        mask.add("user and password", encoded);
        return "Basic " + encoded;
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
