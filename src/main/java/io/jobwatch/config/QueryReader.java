package io.jobwatch.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code query}, and the files that it names, so that what is wrong with them is told with the rest. */
final class QueryReader {
    private static final Kind<String> TYPE = Kind.matching("one of none, bearer", "none|bearer");
    private static final Kind<String> NAME = Kind.matching(
            "a name of 1 to 100 of the characters A-Z a-z 0-9 . _ - that says whose token it is", AccessToken.NAME);
    private static final Kind<String> SHA256 = Kind.matching(
            "the SHA-256 of a token as 64 hexadecimal digits (jobwatch token makes one, jobwatch token --hash tells that of one)",
            "[0-9a-fA-F]{64}");

    private QueryReader() {
    }

    static QueryConfig read(Fields query) {
        Optional<Fields> auth = query.section("auth");
        // Where it is wrong, the host is not complained about as well.
        Optional<QueryAuth> who = auth.isEmpty() ? Optional.of(new QueryAuth.None()) : auth.flatMap(QueryReader::auth);
        boolean open = who.isPresent() && who.get() instanceof QueryAuth.None;
        QueryConfig config = new QueryConfig(
                query.optional("host", open ? Kinds.LOOPBACK : Kinds.HOST).orElse("127.0.0.1"),
                query.optional("port", Kinds.PORT).orElse(8080),
                who.orElse(new QueryAuth.None()),
                query.section("tls").flatMap(QueryReader::tls),
                query.optional("metrics-open", Kinds.FLAG).orElse(false),
                query.optional("health-port", Kinds.PORT));
        query.finish();
        return config;
    }

    private static Optional<QueryAuth> auth(Fields auth) {
        Optional<String> type = auth.required("type", TYPE);
        Optional<QueryAuth> result = type.flatMap(word -> word.equals("none") ? Optional.of(new QueryAuth.None()) : bearer(auth));
        // With an unknown type, nobody knows what the other keys should be.
        if (type.isPresent()) {
            auth.finish();
        }
        return result;
    }

    private static Optional<QueryAuth> bearer(Fields auth) {
        Optional<Cursor> list = auth.requiredCursor("tokens", "a list of tokens, each with a name and the sha256 of the token; jobwatch "
                + "token makes one");
        Optional<List<Cursor>> items = list.flatMap(Cursor::items);
        if (items.isEmpty()) {
            return Optional.empty();
        }
        if (items.get().isEmpty()) {
            list.get().problem("expected at least one token, as without one nobody could ask; jobwatch token makes one");
            return Optional.empty();
        }
        List<AccessToken> tokens = new ArrayList<>();
        for (Cursor item : items.get()) {
            item.fields().flatMap(fields -> token(fields, tokens)).ifPresent(tokens::add);
        }
        return tokens.isEmpty() ? Optional.empty() : Optional.of(new QueryAuth.Bearer(tokens));
    }

    private static Optional<AccessToken> token(Fields fields, List<AccessToken> before) {
        Optional<String> name = fields.required("name", NAME);
        Optional<Cursor> place = hashPlace(fields);
        Optional<String> sha256 = place.flatMap(value -> hash(fields, value));
        fields.finish();
        if (name.isEmpty() || sha256.isEmpty()) {
            return Optional.empty();
        }
        AccessToken token = new AccessToken(name.get(), sha256.get());
        for (AccessToken other : before) {
            if (other.name().equals(token.name())) {
                fields.get("name").orElseThrow().problem("expected a name of its own, found that of another token");
            }
            if (other.sha256().equals(token.sha256())) {
                place.orElseThrow().problem("expected a token of its own, found that of " + other.name());
            }
        }
        return Optional.of(token);
    }

    /** Where a token was made by a machine, its hash is in a file: what made it need not change this one. */
    private static Optional<Cursor> hashPlace(Fields fields) {
        Optional<Cursor> file = fields.get("sha256-file");
        if (file.isEmpty()) {
            return fields.requiredCursor("sha256", SHA256.expected() + ", or sha256-file");
        }
        if (fields.get("sha256").isPresent()) {
            file.get().problem("expected sha256 or sha256-file, found both");
            return Optional.empty();
        }
        return file;
    }

    /** Whoever puts the token itself where its hash belongs should not find it in an error. */
    private static Optional<String> hash(Fields fields, Cursor place) {
        if (fields.get("sha256").isPresent()) {
            return place.secret(SHA256);
        }
        return place.value(Kinds.PATH).flatMap(path -> {
            try {
                return Optional.of(new SecretFile(path, SHA256).read().reveal());
            } catch (SecretFile.UnreadableException e) {
                place.problem(e.getMessage());
                return Optional.empty();
            }
        });
    }

    private static Optional<QueryTls> tls(Fields tls) {
        Optional<Path> certificateFile = tls.required("certificate-file", Kinds.PATH);
        Optional<Path> keyFile = tls.required("key-file", Kinds.PATH);
        tls.finish();
        return certificateFile.flatMap(certificate -> keyFile.map(key -> new QueryTls(certificate, key)))
                .filter(files -> usable(tls, files));
    }

    private static boolean usable(Fields tls, QueryTls files) {
        Cursor place = tls.get("certificate-file").orElseThrow();
        try {
            Pem.certificates(files.certificateFile());
            place = tls.get("key-file").orElseThrow();
            Pem.keyStore(files.certificateFile(), files.keyFile(), new char[0]);
            return true;
        } catch (Pem.PemException e) {
            place.problem(e.getMessage());
            return false;
        }
    }
}
