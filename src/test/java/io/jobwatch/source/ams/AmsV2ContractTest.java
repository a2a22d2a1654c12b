package io.jobwatch.source.ams;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import io.jobwatch.source.PagedSourceContract;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class AmsV2ContractTest extends PagedSourceContract {
    private static final Pattern ONE = Pattern.compile("/api/Jobs\\('(.*)'\\)(/Tasks)?");
    private static final String TASKS = """
        {"value":[{"Id":"t1","State":4,"ErrorDetails":[{"Code":"E1","Message":"broken"}]}]}""";

    @Override
    protected SourceConfig config(URI service) {
        return new SourceConfig("contract-ams-v2", "ams-v2", URI.create(service + "/api"), "contoso", Optional.empty(),
                SourceConfig.DEFAULT_POLL_INTERVAL, SourceConfig.DEFAULT_REQUEST_TIMEOUT, SourceConfig.DEFAULT_DETAILS_TIMEOUT,
                new StartFrom.Now(), new AuthConfig.Bearer(new Secret(SECRET)));
    }

    @Override
    protected int pageSize() {
        return AmsV2Source.PAGE;
    }

    @Override
    protected String jobId(int number) {
        return "nb:jid:UUID:" + number;
    }

    @Override
    protected String item(String jobId, String nativeState) {
        return "{\"Id\":\"" + jobId + "\",\"Name\":\"a job\",\"State\":" + nativeState + ",\"EndTime\":\"2015-02-11T01:46:08.897\"}";
    }

    @Override
    protected String running() {
        return "2";
    }

    @Override
    protected String failed() {
        return "4";
    }

    @Override
    protected String unheardOf() {
        return "42";
    }

    @Override
    protected String badItem() {
        return "{\"Id\":17,\"State\":2}";
    }

    @Override
    protected Reply answer(Request request, Jobs jobs) {
        if (request.path().equals("/api/Jobs")) {
            int from = Math.min(Integer.parseInt(request.parameter("$skip").orElseThrow()), jobs.items().size());
            int to = Math.min(from + Integer.parseInt(request.parameter("$top").orElseThrow()), jobs.items().size());
            return list(jobs.items().subList(from, to));
        }
        Matcher one = ONE.matcher(request.path());
        Optional<String> item = one.matches() ? Optional.ofNullable(jobs.byId().get(one.group(1))) : Optional.empty();
        if (item.isEmpty()) {
            return Reply.status(404, "");
        }
        return Reply.json(one.group(2) == null ? item.get() : TASKS);
    }

    private static Reply list(List<String> items) {
        return Reply.json("{\"value\":[" + String.join(",", items) + "]}");
    }
}
