package io.jobwatch.source.http;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import io.jobwatch.source.PagedSourceContract;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contract for one made-up service, whose lists page as a subclass says. */
abstract class HttpJsonContract extends PagedSourceContract {
    private static final String SHARED = """
        job: {path: "jobs/{id}", item: /job}
        tasks:
          path: "jobs/{id}/tasks"
          items: /tasks
          fields: {id: /id, state: /state, error: {code: /error/code, message: /error/message}}
        """;

    /** {@return the keys for reading and lists} */
    abstract String lists();

    /** {@return where in the list the page that is asked for begins, from 0} */
    abstract int from(Request request);

    /**
     * {@return the page}
     *
     * @param next where the next one begins, if there is one
     */
    abstract Reply page(Request request, String items, Optional<Integer> next);

    @Override
    protected SourceConfig config(URI service) {
        String yaml = """
            sources:
              - name: contract-http-json
                type: http-json
                url: %s/api
                auth: {type: bearer, token: "${TOKEN}"}
            """.formatted(service) + (SHARED + lists()
                + HttpJson.FIELDS.formatted(lists().contains("reading: feed") ? ", changed: /changed" : "")).indent(4);
        return HttpJson.load(yaml, Map.of("TOKEN", SECRET));
    }

    @Override
    protected int pageSize() {
        return 1000;
    }

    @Override
    protected String jobId(int number) {
        return "job-" + number;
    }

    @Override
    protected String item(String jobId, String nativeState) {
        return "{\"id\":\"" + jobId + "\",\"name\":\"a job\",\"state\":\"" + nativeState + "\",\"created\":\"2026-11-22T10:15:00Z\","
                + "\"changed\":\"2026-11-22T10:15:30.5Z\",\"ended\":\"2026-11-22T10:15:30Z\"}";
    }

    @Override
    protected String running() {
        return "running";
    }

    @Override
    protected String failed() {
        return "failed";
    }

    @Override
    protected String unheardOf() {
        return "levitating";
    }

    @Override
    protected String badItem() {
        return "{\"id\":{\"a\":1},\"state\":\"running\"}";
    }

    @Override
    protected Reply answer(Request request, Jobs jobs) {
        if (request.path().equals("/api/jobs")) {
            int from = Math.min(from(request), jobs.items().size());
            int to = (int) Math.min((long) from + pageSize(), jobs.items().size());
            List<String> items = jobs.items().subList(from, to);
            return page(request, "[" + String.join(",", items) + "]", to < jobs.items().size() ? Optional.of(to) : Optional.empty());
        }
        String[] parts = request.path().split("/");
        String item = parts.length > 3 ? jobs.byId().get(parts[3]) : null;
        if (item == null) {
            return Reply.status(404, "{\"message\":\"no such job\"}");
        }
        return Reply.json(parts.length == 4 ? "{\"job\":" + item + "}"
                : "{\"tasks\":[{\"id\":\"t1\",\"state\":\"failed\",\"error\":{\"code\":\"E1\",\"message\":\"broken\"}}]}");
    }
}
