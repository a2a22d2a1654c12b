package io.jobwatch.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code auth} of a source. */
final class AuthReader {
    private static final Kind<String> TYPE =
            Kind.matching("one of none, bearer, basic, headers, slurm-jwt, oauth2", "none|bearer|basic|headers|slurm-jwt|oauth2");
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
            case "oauth2" -> OAuth2Reader.read(auth);
            default -> Optional.of(new AuthConfig.None());
        });
        // With an unknown type, nobody knows what the other keys should be.
        if (result.isPresent()) {
            auth.finish();
        }
        return result;
    }

    /** A secret stands in the configuration, best as a variable, or in a file of its own. */
    static Optional<Secret> secret(Fields auth, String key, Kind<String> kind) {
        Optional<Cursor> direct = auth.get(key);
        Optional<Cursor> file = auth.get(key + "-file");
        if (direct.isPresent() && file.isPresent()) {
            file.get().problem("expected " + key + " or " + key + "-file, found both");
            return Optional.empty();
        }
        if (file.isPresent()) {
            return file.get().value(Kinds.PATH).flatMap(path -> content(file.get(), new SecretFile(path, kind)));
        }
        if (direct.isEmpty()) {
            auth.missing(key, "the " + key + ", best as \"${NAME}\" from the environment, or " + key + "-file");
            return Optional.empty();
        }
        return direct.get().secret(kind).map(Secret::new);
    }

    private static Optional<Secret> content(Cursor place, SecretFile file) {
        try {
            return Optional.of(file.read());
        } catch (SecretFile.UnreadableException e) {
            place.problem(e.getMessage());
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
