package io.jobwatch.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code auth} of a source. */
final class AuthReader {
    private static final int MAX_SECRET_BYTES = 64 * 1024;
    private static final Kind<String> TYPE =
            Kind.matching("one of none, bearer, basic, headers, slurm-jwt", "none|bearer|basic|headers|slurm-jwt");
    private static final Kind<String> USER = Kind.matching("a user name without a colon or control characters", "[^:\\p{Cntrl}]+");
    /** Headers that belong to the HTTP exchange itself and that the JDK's client does not let others set. */
    private static final Set<String> RESTRICTED = Set.of("connection", "content-length", "expect", "host", "upgrade");

    private AuthReader() {
    }

    /** {@return what is configured, or empty where it is wrong} */
    static Optional<AuthConfig> read(Fields auth) {
        Optional<AuthConfig> result = auth.required("type", TYPE).flatMap(type -> switch (type) {
            case "bearer" -> secret(auth, "token", Kinds.CREDENTIAL).map(AuthConfig.Bearer::new);
            case "basic" -> {
                Optional<String> user = auth.required("user", USER);
                Optional<Secret> password = secret(auth, "password", Kinds.PASSWORD);
                yield user.flatMap(name -> password.map(value -> new AuthConfig.Basic(name, value)));
            }
            case "headers" -> headers(auth);
            case "slurm-jwt" -> {
                Optional<String> user = auth.required("user", Kinds.CREDENTIAL);
                Optional<Secret> token = secret(auth, "token", Kinds.CREDENTIAL);
                yield user.flatMap(name -> token.map(value -> new AuthConfig.SlurmJwt(name, value)));
            }
            default -> Optional.of(new AuthConfig.None());
        });
        // With an unknown type, nobody knows what the other keys should be.
        if (result.isPresent()) {
            auth.finish();
        }
        return result;
    }

    /** A secret stands in the file, best as a variable, or in a file of its own, which is read here, once. */
    private static Optional<Secret> secret(Fields auth, String key, Kind<String> kind) {
        Optional<Cursor> direct = auth.get(key);
        Optional<Cursor> file = auth.get(key + "-file");
        if (direct.isPresent() && file.isPresent()) {
            file.get().problem("expected " + key + " or " + key + "-file, found both");
            return Optional.empty();
        }
        if (file.isPresent()) {
            return file.get().value(Kinds.PATH).flatMap(path -> content(file.get(), path, kind));
        }
        if (direct.isEmpty()) {
            auth.missing(key, "the " + key + ", best as \"${NAME}\" from the environment, or " + key + "-file");
            return Optional.empty();
        }
        return direct.get().secret(kind).map(Secret::new);
    }

    private static Optional<Secret> content(Cursor place, Path file, Kind<String> kind) {
        try {
            if (Files.size(file) > MAX_SECRET_BYTES) {
                place.problem("expected a file of at most " + MAX_SECRET_BYTES + " bytes, found " + file + " with " + Files.size(file));
                return Optional.empty();
            }
            String text = Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
            Optional<Secret> secret = kind.parser().apply(text).map(Secret::new);
            if (secret.isEmpty()) {
                place.problem("expected " + kind.expected() + " in " + file);
            }
            return secret;
        } catch (IOException e) {
            place.problem("cannot read " + file + ": " + e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private static Optional<AuthConfig> headers(Fields auth) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        Optional<Fields> section = auth.requiredCursor("headers", "a mapping of header names to values").flatMap(Cursor::fields);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        section.get().all().forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") || RESTRICTED.contains(name.toLowerCase(Locale.ROOT))) {
                value.problem("expected the name of a header that may be set");
            } else {
                value.secret(Kinds.CREDENTIAL).ifPresent(text -> headers.put(name, new Secret(text)));
            }
        });
        return Optional.of(new AuthConfig.Headers(Map.copyOf(headers)));
    }
}
