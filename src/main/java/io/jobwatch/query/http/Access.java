package io.jobwatch.query.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.security.RouteRole;
import io.jobwatch.config.AccessToken;
import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is answered. Without authentication those who mean this machine; with bearer tokens (RFC 6750) those who show one, except at routes
 * that are open to everyone. It asks the route that was found, not the path, so that no spelling of a path leads around it.
 */
final class Access {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);
    /** Jetty lets %u0041 pass, and Javalin stumbles over it. */
    private static final Pattern MALFORMED = Pattern.compile("%(?![0-9a-fA-F]{2})");
    /** Counts those that showed no token that is known. */
    private static final String NOBODY = "";
    private static final Pattern BEARER = Pattern.compile("(?i)Bearer +(\\S+)");

    private final QueryAuth auth;
    private final MeterRegistry metrics;

    /** For whom a route is; without a role it is for those who may ask queries. */
    enum Audience implements RouteRole {
        EVERYONE
    }

    Access(QueryConfig config, MeterRegistry metrics) {
        this.auth = config.auth();
        this.metrics = metrics;
        if (auth instanceof QueryAuth.Bearer bearer) {
            // A counter that comes with its first increment hides that increment from every rate.
            bearer.tokens().forEach(token -> authentications(token.name()));
            authentications(NOBODY);
        }
    }

    /** Refuses what is refused at every path. */
    void checkRequest(Context context) {
        if (auth instanceof QueryAuth.None && !HostCheck.isLocal(context.header("Host"))) {
            throw Problem.of(421, "this server answers only as localhost, 127.0.0.1 or [::1], whatever the port");
        }
        if (context.method() != HandlerType.GET && context.method() != HandlerType.HEAD) {
            context.header("Allow", "GET, HEAD");
            throw Problem.of(405, "only GET and HEAD are answered here: jobwatch watches, and changes nothing");
        }
        if (MALFORMED.matcher(context.path()).find()) {
            throw Problem.of(400, "the path holds a % that does not begin an encoded byte; write it as %25");
        }
        if (context.req().getContentLengthLong() > 0 || context.header("Transfer-Encoding") != null) {
            context.header("Connection", "close");
            throw Problem.of(413, "a request here has no body");
        }
    }

    /** Refuses those who may not ask the route that was found. */
    void checkRoute(Context context) {
        if (auth instanceof QueryAuth.Bearer bearer && !context.routeRoles().contains(Audience.EVERYONE)) {
            checkToken(context, bearer.tokens());
        }
    }

    private void checkToken(Context context, List<AccessToken> tokens) {
        String header = context.header("Authorization");
        Optional<AccessToken> token = header == null ? Optional.empty() : known(header, tokens);
        authentications(token.map(AccessToken::name).orElse(NOBODY)).increment();
        if (token.isEmpty()) {
            context.header("WWW-Authenticate", header == null ? "Bearer realm=\"jobwatch\""
                    : "Bearer realm=\"jobwatch\", error=\"invalid_token\"");
            throw Problem.of(401, header == null ? "a token is needed: send it as Authorization: Bearer <token>"
                    : "the Authorization header holds no token that is valid here; what is needed is Authorization: Bearer <token>");
        }
        LOG.debug("{} asks for {}", token.get().name(), context.path());
    }

    /** Looks at all tokens whichever fits, so that the time it takes tells nothing. */
    private static Optional<AccessToken> known(String header, List<AccessToken> tokens) {
        Matcher bearer = BEARER.matcher(header);
        // Anything has a hash, so a configured one would let a short secret in, which can be guessed.
        if (!bearer.matches() || !AccessToken.isToken(bearer.group(1))) {
            return Optional.empty();
        }
        byte[] digest = AccessToken.digest(bearer.group(1));
        AccessToken known = null;
        for (AccessToken token : tokens) {
            if (token.matches(digest)) {
                known = token;
            }
        }
        return Optional.ofNullable(known);
    }

    /** @param token the name of the token, or {@link #NOBODY} */
    private Counter authentications(String token) {
        return Counter.builder("jobwatch.query.authentications")
                .description("Requests that showed a token, or none, where one is asked for; an empty name stands for none and for an "
                        + "unknown one")
                .tag("token", token).register(metrics);
    }
}
