package io.jobwatch.source.slurm;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import io.jobwatch.source.SourceContract;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** slurmrestd has no pages. */
class SlurmContractTest extends SourceContract {
    private static final String API = "/slurm/v0.0.38/";

    @Override
    protected SourceConfig config(URI service) {
        return new SourceConfig("contract-slurm", "slurm", service, "hpc-1", Optional.empty(), SourceConfig.DEFAULT_POLL_INTERVAL,
                SourceConfig.DEFAULT_REQUEST_TIMEOUT, SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.Now(),
                new AuthConfig.SlurmJwt("alice", new Secret(SECRET)));
    }

    @Override
    protected String jobId(int number) {
        return Integer.toString(number + 1);
    }

    @Override
    protected String item(String jobId, String nativeState) {
        return "{\"job_id\":" + jobId + ",\"name\":\"a job\",\"job_state\":\"" + nativeState
                + "\",\"exit_code\":768,\"end_time\":1795383800}";
    }

    @Override
    protected String running() {
        return "RUNNING";
    }

    @Override
    protected String failed() {
        return "FAILED";
    }

    @Override
    protected String unheardOf() {
        return "LEVITATING";
    }

    @Override
    protected String badItem() {
        return "{\"job_id\":4,\"job_state\":4}";
    }

    @Override
    protected Reply answer(Request request, Jobs jobs) {
        if (request.path().equals(API + "jobs")) {
            return list(jobs.items());
        }
        Optional<String> item = request.path().startsWith(API + "job/")
                ? Optional.ofNullable(jobs.byId().get(request.path().substring((API + "job/").length()))) : Optional.empty();
        return item.map(found -> list(List.of(found))).orElseGet(() -> Reply.status(500,
                "{\"errors\":[{\"error_number\":2017,\"error\":\"Invalid job id specified\"}],\"jobs\":[]}"));
    }

    private static Reply list(List<String> items) {
        return Reply.json("{\"errors\":[],\"jobs\":[" + String.join(",", items) + "]}");
    }
}
