package io.jobwatch.embedded.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.jobwatch.embedded.simulator.JobDocuments.Shape;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The read side of the Media Services v2 REST protocol: {@code Jobs}, {@code Jobs('id')} and {@code Jobs('id')/Tasks} below
 * {@value #ACCOUNT_PATH}. Thread-safe.
 */
final class EncoderProtocol {

    /** Where the account's own endpoint is. */
    static final String ACCOUNT_PATH = "/api/";

    private static final Pattern RESOURCE = Pattern.compile("Jobs(?:\\('((?:[^']|'')*)'\\)(/Tasks)?)?/?");

    private final SimulatorSettings settings;
    private final Script script;
    private final ScriptClock clock;
    private final FaultyWire wire;

    EncoderProtocol(SimulatorSettings settings, Script script, ScriptClock clock, FaultyWire wire) {
        this.settings = settings;
        this.script = script;
        this.clock = clock;
        this.wire = wire;
    }

    /** Answers a GET of any path. */
    void get(Context ctx) throws IOException {
        URI account = URI.create("http://" + ctx.req().getLocalAddr() + ":" + ctx.req().getLocalPort() + ACCOUNT_PATH);
        String accept = Optional.ofNullable(ctx.header("Accept")).orElse("*/*").toLowerCase(Locale.ROOT);
        Shape shape = accept.contains("odata=verbose") ? Shape.VERBOSE : Shape.LIGHT;
        JobDocuments documents = new JobDocuments(account, shape);
        try {
            checkHeaders(ctx, accept);
            String path = ctx.req().getRequestURI();
            if (!path.startsWith(ACCOUNT_PATH)) {
                fromRoot(ctx, account);
                return;
            }
            answer(ctx, shape, documents, path.substring(ACCOUNT_PATH.length()));
        } catch (ODataException refused) {
            send(ctx, refused.status(), shape, documents.error("", refused.getMessage()));
        }
    }

    private void answer(Context ctx, Shape shape, JobDocuments documents, String resource) throws IOException {
        Optional<Fault> fault = wire.next();
        if (fault.equals(Optional.of(Fault.UNAVAILABLE))) {
            ctx.header("Retry-After", "1");
            send(ctx, 503, shape, documents.error("ServerBusy", "Server is busy. Please try again later."));
            return;
        }
        if (fault.equals(Optional.of(Fault.SERVER_ERROR))) {
            send(ctx, 500, shape, documents.error("InternalServerError", "An error occurred while processing this request."));
            return;
        }
        byte[] body = body(ctx, documents, resource, fault.equals(Optional.of(Fault.BAD_ITEMS)));
        ctx.status(200).header("Content-Type", shape.contentType());
        if (fault.equals(Optional.of(Fault.CUT))) {
            wire.cut(ctx, body);
        } else if (fault.equals(Optional.of(Fault.SLOW))) {
            wire.drip(ctx, body);
        } else {
            ctx.result(body);
        }
    }

    private byte[] body(Context ctx, JobDocuments documents, String resource, boolean spoiled) {
        ODataQuery query = ODataQuery.parse(ctx.queryParamMap());
        Matcher matcher = RESOURCE.matcher(decoded(resource));
        if (!matcher.matches()) {
            throw new ODataException(404, "Resource not found for the segment '" + resource + "'.");
        }
        long now = clock.elapsed();
        if (matcher.group(1) == null) {
            List<ObjectNode> page = paged(jobs(now).filter(query.filter()), query)
                    .map(view -> documents.job(view, query.select())).toList();
            return documents.feed("Jobs", spoiled ? wire.withBadItem(page, query.top()) : page);
        }
        String id = matcher.group(1).replace("''", "'");
        JobView view = jobs(now).filter(job -> job.job().id().equals(id)).findFirst()
                .orElseThrow(() -> new ODataException(404, "Resource not found for the segment 'Jobs'."));
        if (matcher.group(2) == null) {
            return documents.entity("Jobs", documents.job(view, query.select()));
        }
        return documents.feed("Tasks", paged(view.tasks().stream(), query)
                .map(task -> documents.task(task, query.select())).toList());
    }

    private Stream<JobView> jobs(long now) {
        return script.jobs().stream().takeWhile(job -> job.createdAt() <= now).map(job -> new JobView(job, now, clock));
    }

    private static <T> Stream<T> paged(Stream<T> all, ODataQuery query) {
        return all.skip(query.skip()).limit(query.top());
    }

    /** A root endpoint knows no jobs; it tells where the account is, whatever it is asked for. */
    private void fromRoot(Context ctx, URI account) {
        if (!settings.rootRedirects()) {
            throw new ODataException(404, "The account's endpoint is " + ACCOUNT_PATH + ".");
        }
        ctx.status(301).header("Location", account.toString());
    }

    private void checkHeaders(Context ctx, String accept) {
        if (settings.bearerToken().isPresent() && !authorized(ctx, settings.bearerToken().get())) {
            ctx.header("WWW-Authenticate", "Bearer");
            throw new ODataException(401, "Unauthorized: the token is missing or not valid.");
        }
        // A client that names a version must name one; what it says is not held against it otherwise.
        String version = ctx.header("x-ms-version");
        if (version != null && !version.matches("\\d+\\.\\d+")) {
            throw ODataException.badRequest("The value of the header x-ms-version is not a version.");
        }
        if (!accept.contains("json") && !accept.contains("*/*")) {
            throw new ODataException(406, "Only application/json is spoken here.");
        }
    }

    private static boolean authorized(Context ctx, String token) {
        byte[] wanted = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        String given = Optional.ofNullable(ctx.header("Authorization")).orElse("");
        return MessageDigest.isEqual(wanted, given.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(Context ctx, int status, Shape shape, byte[] body) {
        ctx.status(status).header("Content-Type", shape.contentType()).result(body);
    }

    /** Percent-decoding of a path, in which a plus sign stands for itself. */
    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ODataException.badRequest("The path is not properly encoded.");
        }
    }
}
