package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.config.AmsV3Options.Dialect;
import io.jobwatch.source.FakeService;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A media services account of the v3 API, as Azure Resource Manager or MK.IO show it, on a socket. It pages by offset, the harshest way for
 * a list that moves. What a dialect does not document it refuses.
 */
final class AmsV3Service implements AutoCloseable {

    static final String TOKEN = "t0ken";
    static final String ARM = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Media/mediaServices/contoso";
    static final String MKIO = "/api/v1/projects/p/media";

    private static final Pattern STATE = Pattern.compile("properties/state eq '(\\w+)'");
    private static final Pattern CREATED = Pattern.compile("properties/created ge (\\S+)");
    private static final Pattern JOBS = Pattern.compile("/transforms/([^/]+)/jobs(?:/([^/]+))?");
    private static final Set<String> PARAMETERS = Set.of("api-version", "$filter", "$orderby", "$top", "$skiptoken");

    /** A job; immutable. */
    record Job(String transform, String name, String state, Instant created, List<ObjectNode> outputs) {

        Job in(String other) {
            return new Job(transform, name, other, created, outputs);
        }

        String key() {
            return transform + "/" + name;
        }
    }

    private final Dialect dialect;
    private final Clock clock;
    private final FakeService http;
    private final Set<String> transforms = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListMap<String, Job> jobs = new ConcurrentSkipListMap<>();
    private volatile int pageSize = 1000;
    private volatile boolean linked = true;
    private volatile Runnable beforeEach = () -> { };
    private volatile Predicate<Request> failing = request -> false;

    AmsV3Service(Dialect dialect, Clock clock) throws IOException {
        this.dialect = dialect;
        this.clock = clock;
        this.http = new FakeService(this::answer);
    }

    AmsV3Service transform(String name) {
        transforms.add(name);
        return this;
    }

    void deleteTransform(String name) {
        transforms.remove(name);
        jobs.keySet().removeIf(key -> key.startsWith(name + "/"));
    }

    Job put(String transform, String name, String state, Instant created) {
        return put(new Job(transform, name, state, created, List.of()));
    }

    Job put(Job job) {
        jobs.put(job.key(), job);
        return job;
    }

    void delete(String key) {
        jobs.remove(key);
    }

    /** Entities in a page. */
    AmsV3Service pages(int entities) {
        pageSize = entities;
        return this;
    }

    /** Pages are counted but not linked, as only MK.IO may. */
    AmsV3Service unlinked() {
        linked = false;
        return this;
    }

    /** What happens before each answer. */
    void beforeEach(Runnable happens) {
        beforeEach = happens;
    }

    /** Which requests are throttled. */
    void throttle(Predicate<Request> which) {
        failing = which;
    }

    URI url() {
        return URI.create(http.url() + base());
    }

    /** {@return the targets of the requests so far, below the account and decoded} */
    List<String> asked() {
        return http.requests().stream().map(request -> URLDecoder.decode(request.target(), StandardCharsets.UTF_8)
                .substring(base().length())).toList();
    }

    private String base() {
        return dialect == Dialect.ARM ? ARM : MKIO;
    }

    private Reply answer(Request request) {
        beforeEach.run();
        return read(request).with("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC)));
    }

    private Reply read(Request request) {
        if (!("Bearer " + TOKEN).equals(request.headers().get("Authorization"))) {
            return error(401, "AuthenticationFailed", "Authentication failed.");
        }
        if (failing.test(request)) {
            return error(429, "TooManyRequests", "Slow down.").with("Retry-After", "17");
        }
        boolean versioned = request.parameter("api-version").filter("2022-07-01"::equals).isPresent();
        if (versioned != (dialect == Dialect.ARM) || !parameters(request).allMatch(PARAMETERS::contains)) {
            return error(400, "InvalidApiVersionParameter", "The parameters are not supported: " + request.target());
        }
        if (!request.path().startsWith(base())) {
            return error(404, "ResourceGroupNotFound", "Resource group 'rg' could not be found.");
        }
        String resource = request.path().substring(base().length());
        if (resource.equals("/transforms")) {
            return page(request, transforms.stream().map(name -> JsonNodeFactory.instance.objectNode().put("name", name)).toList());
        }
        Matcher matcher = JOBS.matcher(resource);
        if (!matcher.matches() || !transforms.contains(matcher.group(1))) {
            return error(404, "ResourceNotFound", "The Resource '" + resource + "' was not found.");
        }
        if (matcher.group(2) == null) {
            return list(request, matcher.group(1));
        }
        Optional<Job> job = Optional.ofNullable(jobs.get(matcher.group(1) + "/" + matcher.group(2)));
        return job.map(found -> Reply.json(entity(found).toString()))
                .orElseGet(() -> error(404, "ResourceNotFound", "The Resource '" + resource + "' was not found."));
    }

    private static Stream<String> parameters(Request request) {
        String[] parts = request.target().split("\\?", 2);
        return parts.length < 2 ? Stream.empty() : Stream.of(parts[1].split("&")).map(pair -> pair.split("=", 2)[0]);
    }

    private Reply list(Request request, String transform) {
        Predicate<Job> wanted = job -> job.transform().equals(transform);
        Optional<String> filter = request.parameter("$filter");
        if (filter.isPresent()) {
            Matcher state = STATE.matcher(filter.get());
            Matcher created = CREATED.matcher(filter.get());
            if (state.matches()) {
                wanted = wanted.and(job -> job.state().equals(state.group(1)));
            } else if (created.matches()) {
                Instant since = OffsetDateTime.parse(created.group(1)).toInstant();
                wanted = wanted.and(job -> !job.created().isBefore(since));
            } else {
                return error(400, "InvalidFilter", "The filter is not supported: " + filter.get());
            }
        }
        Stream<Job> found = jobs.values().stream().filter(wanted);
        Optional<String> order = request.parameter("$orderby");
        if (order.isPresent() && !order.get().equals("properties/created")) {
            return error(400, "InvalidOrder", "The order is not supported: " + order.get());
        }
        return page(request, (order.isPresent() ? found.sorted(Comparator.comparing(Job::created)) : found)
                .map(AmsV3Service::entity).toList());
    }

    private Reply page(Request request, List<ObjectNode> all) {
        int size = Math.min(pageSize, request.parameter("$top").map(Integer::valueOf).orElse(pageSize));
        int start = Math.min(request.parameter("$skiptoken").map(Integer::valueOf).orElse(0), all.size());
        int end = Math.min(start + size, all.size());
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        page.putArray("value").addAll(all.subList(start, end));
        if (dialect == Dialect.MKIO) {
            page.putObject("supplemental").putObject("pagination").put("start", start).put("end", end).put("records", end - start)
                    .put("total", all.size());
        }
        if (linked && end < all.size()) {
            page.put("@odata.nextLink", link(request, end));
        }
        return Reply.json(page.toString());
    }

    /** An absolute link in which the filter's spaces stand as they are, which no address may hold but services write. */
    private String link(Request request, int from) {
        StringBuilder query = new StringBuilder();
        parameters(request).filter(name -> !name.equals("$skiptoken")).forEach(name ->
                query.append(name).append('=').append(request.parameter(name).orElse("").replace("+", "%2B")).append('&'));
        return http.url() + request.rawPath() + "?" + query + "$skiptoken=" + from;
    }

    private static ObjectNode entity(Job job) {
        ObjectNode entity = JsonNodeFactory.instance.objectNode();
        entity.put("name", job.name());
        ObjectNode properties = entity.putObject("properties");
        properties.put("state", job.state()).put("created", job.created().toString());
        ArrayNode outputs = properties.putArray("outputs");
        outputs.addAll(job.outputs());
        return entity;
    }

    private Reply error(int status, String code, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error = body.putObject("error").put("code", code);
        if (dialect == Dialect.ARM) {
            error.put("message", message);
        } else {
            error.put("detail", message).putObject("extraDetail");
            body.put("status", status).put("ref", "0f3c");
        }
        return Reply.status(status, body.toString());
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
