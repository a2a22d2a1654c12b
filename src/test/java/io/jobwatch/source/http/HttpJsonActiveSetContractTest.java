package io.jobwatch.source.http;

import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import java.util.Optional;

class HttpJsonActiveSetContractTest extends HttpJsonContract {

    @Override
    String lists() {
        return """
            reading: active-set
            active: {path: "jobs?live=true", items: /jobs, paging: {type: link-header}}
            list: {path: "jobs?created={since}", items: /jobs, paging: {type: link-header}}
            """;
    }

    @Override
    int from(Request request) {
        return Integer.parseInt(request.parameter("from").orElse("0"));
    }

    @Override
    Reply page(Request request, String items, Optional<Integer> next) {
        Reply page = Reply.json("{\"jobs\":" + items + "}");
        String self = request.target().replaceFirst("&from=.*", "");
        return next.map(from -> page.with("Link", "<" + self + ">; rel=\"first\", <" + self + "&from=" + from + ">; rel=\"next\""))
                .orElse(page);
    }
}
