package io.jobwatch.config;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code auth} of the type {@code oauth2}. */
final class OAuth2Reader {
    private static final Kind<AuthConfig.ClientAuth> CLIENT_AUTH =
            Kind.oneOf(AuthConfig.ClientAuth.class, value -> value.name().toLowerCase(Locale.ROOT));
    /** Parameters that token endpoints know by these names: scope (RFC 6749), resource (RFC 8707), audience (RFC 8693 and others). */
    private static final List<String> NAMED = List.of("scope", "resource", "audience");
    private static final Set<String> OWN = Set.of("grant_type", "client_id", "client_secret");

    private OAuth2Reader() {
    }

    static Optional<AuthConfig> read(Fields auth) {
        Optional<URI> tokenUrl = auth.required("token-url", Kinds.TOKEN_URL);
        Optional<String> clientId = auth.required("client-id", Kinds.PASSWORD);
        Optional<Secret> clientSecret = AuthReader.secret(auth, "client-secret", Kinds.PASSWORD);
        AuthConfig.ClientAuth clientAuth = auth.optional("client-auth", CLIENT_AUTH).orElse(AuthConfig.ClientAuth.BASIC);
        Map<String, String> parameters = parameters(auth);
        if (tokenUrl.isEmpty() || clientId.isEmpty() || clientSecret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AuthConfig.OAuth2(tokenUrl.get(), clientId.get(), clientSecret.get(), clientAuth, parameters));
    }

    private static Map<String, String> parameters(Fields auth) {
        Map<String, String> parameters = new LinkedHashMap<>();
        NAMED.forEach(name -> auth.optional(name, Kinds.NOT_EMPTY).ifPresent(value -> parameters.put(name, value)));
        auth.section("parameters").ifPresent(section -> section.all().forEach((name, value) -> {
            if (OWN.contains(name)) {
                value.problem("expected another parameter, as jobwatch sets this one; the client belongs under client-id and "
                        + "client-secret");
            } else {
                value.value(Kinds.NOT_EMPTY).ifPresent(text -> {
                    if (parameters.putIfAbsent(name, text) != null) {
                        value.problem("the parameter stands under auth." + name + " already");
                    }
                });
            }
        }));
        return Collections.unmodifiableMap(parameters);
    }
}
