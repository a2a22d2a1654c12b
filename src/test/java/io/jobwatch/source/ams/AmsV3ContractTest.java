package io.jobwatch.source.ams;

import io.jobwatch.config.AmsV3Options.Dialect;
import io.jobwatch.config.Reading;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import io.jobwatch.source.PagedSourceContract;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;

/** Both dialects, each in its own words. */
class AmsV3ContractTest {

    @Nested
    class OfAzureResourceManager extends Contract {
        @Override
        protected SourceConfig config(URI service) {
            return AmsV3Sources.config("contract-arm", URI.create(service + "/acc"), SECRET,
                    AmsV3Sources.options(Dialect.ARM, Reading.ACTIVE_SET, "abr"));
        }

        @Override
        protected int pageSize() {
            return 1000;
        }

        @Override
        protected Reply page(Request request, Jobs jobs, int from, int to) {
            return Reply.json("{\"value\":[" + String.join(",", jobs.items().subList(from, to)) + "]"
                    + (to < jobs.items().size() ? ",\"@odata.nextLink\":\"" + request.rawPath() + "?$skiptoken=" + to + "\"" : "") + "}");
        }
    }

    @Nested
    class OfMkio extends Contract {
        @Override
        protected SourceConfig config(URI service) {
            return AmsV3Sources.config("contract-mkio", URI.create(service + "/acc"), SECRET,
                    AmsV3Sources.options(Dialect.MKIO, Reading.SNAPSHOT, "abr"));
        }

        @Override
        protected int pageSize() {
            return AmsV3Api.MKIO_PAGE;
        }

        @Override
        protected Reply page(Request request, Jobs jobs, int from, int to) {
            return Reply.json("{\"value\":[" + String.join(",", jobs.items().subList(from, to))
                    + "],\"supplemental\":{\"pagination\":"
                    + "{\"start\":" + from + ",\"end\":" + to + ",\"records\":" + (to - from)
                    + ",\"total\":" + jobs.items().size() + "}}}");
        }
    }

    abstract static class Contract extends PagedSourceContract {
        private static final Pattern ONE = Pattern.compile("/acc/transforms/(.*)/jobs/(.*)");

        /** {@return a page of the list as the dialect writes it} */
        protected abstract Reply page(Request request, Jobs jobs, int from, int to);

        @Override
        protected String jobId(int number) {
            return "abr/job-" + number;
        }

        @Override
        protected String item(String jobId, String nativeState) {
            String outputs = nativeState.equals(failed()) ? "{\"state\":\"Error\",\"error\":{\"code\":\"E1\",\"message\":\"broken\"}}" : "";
            return "{\"name\":\"" + jobId.substring("abr/".length()) + "\",\"properties\":{\"state\":" + nativeState
                    + ",\"endTime\":\"2026-03-01T10:00:01Z\",\"outputs\":[" + outputs + "]}}";
        }

        @Override
        protected String running() {
            return "\"Processing\"";
        }

        @Override
        protected String failed() {
            return "\"Error\"";
        }

        @Override
        protected String unheardOf() {
            return "\"Paused\"";
        }

        @Override
        protected String unheardOfName() {
            return "Paused";
        }

        @Override
        protected String badItem() {
            return "{\"name\":17,\"properties\":{\"state\":\"Queued\"}}";
        }

        @Override
        protected Reply answer(Request request, Jobs jobs) {
            if (request.path().equals("/acc/transforms/abr/jobs")) {
                int from = Math.min(request.parameter("$skiptoken").map(Integer::valueOf).orElse(0), jobs.items().size());
                return page(request, jobs, from, (int) Math.min((long) from + pageSize(), jobs.items().size()));
            }
            Matcher one = ONE.matcher(request.path());
            Optional<String> item = Optional.of(one).filter(Matcher::matches)
                    .map(match -> jobs.byId().get(match.group(1) + "/" + match.group(2)));
            return item.map(Reply::json)
                    .orElseGet(() -> Reply.status(404, "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"no\"}}"));
        }
    }
}
