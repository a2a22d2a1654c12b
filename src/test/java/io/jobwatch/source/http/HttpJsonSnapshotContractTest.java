package io.jobwatch.source.http;

import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import java.util.Optional;

class HttpJsonSnapshotContractTest extends HttpJsonContract {

    @Override
    String lists() {
        return """
            reading: snapshot
            list: {path: "jobs?offset={offset}", items: "", paging: {type: offset}}
            """;
    }

    @Override
    int from(Request request) {
        return Integer.parseInt(request.parameter("offset").orElseThrow());
    }

    @Override
    Reply page(Request request, String items, Optional<Integer> next) {
        return Reply.json(items);
    }
}
