package io.jobwatch.source.http;

import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import java.util.Optional;

class HttpJsonFeedContractTest extends HttpJsonContract {

    @Override
    String lists() {
        return """
            reading: feed
            list: {path: "jobs?token={token}", items: /jobs, paging: {type: token, next: /next}}
            changed: {path: "jobs?since={since}&token={token}", items: /jobs, paging: {type: token, next: /next}}
            """;
    }

    @Override
    int from(Request request) {
        return request.parameter("token").map(token -> Integer.parseInt(token.substring("page from ".length()))).orElse(0);
    }

    @Override
    Reply page(Request request, String items, Optional<Integer> next) {
        return Reply.json("{\"jobs\":" + items + ",\"next\":" + next.map(from -> "\"page from " + from + "\"").orElse("null") + "}");
    }
}
