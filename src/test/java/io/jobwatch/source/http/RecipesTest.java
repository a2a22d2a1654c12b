package io.jobwatch.source.http;

import static io.jobwatch.source.http.HttpJson.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.job.StatePath;
import io.jobwatch.source.FakeService;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipes, word for word, against sample answers. */
@Timeout(60)
class RecipesTest {
    private static final Path RECIPES = Path.of("ops/recipes");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:21:00Z"), ZoneOffset.UTC);
    private static final Map<String, String> ENVIRONMENT = Map.of("GITHUB_REPOSITORY", "octo-org/octo-repo", "GITHUB_TOKEN", "gh-t0ken",
            "AIRFLOW_DAG", "etl", "AIRFLOW_TOKEN", "af-t0ken");

    @Test
    void shouldReadWorkflowRunsOfGitHub() throws Exception {
        String runs = "/repos/octo-org/octo-repo/actions/runs";
        String recent = runs + "?created=%3E%3D";
        try (FakeService service = service(Map.ofEntries(
                Map.entry(runs + "?status=queued&per_page=100", Reply.json(sample("github-runs-queued.json"))),
                Map.entry(runs + "?status=in_progress&per_page=100", Reply.json(sample("github-runs-in-progress.json"))),
                Map.entry(recent + "2026-11-21T10%3A21%3A00Z&per_page=100", Reply.json(sample("github-runs-recent-1.json"))
                        .with("Link", "<" + recent + "2026-11-21T10%3A21%3A00Z&per_page=100&page=2>; rel=\"next\", <" + recent
                                + "2026-11-21T10%3A21%3A00Z&per_page=100&page=2>; rel=\"last\"")),
                Map.entry(recent + "2026-11-21T10%3A21%3A00Z&per_page=100&page=2", Reply.json(sample("github-runs-recent-2.json"))),
                Map.entry(recent + "2026-11-22T10%3A18%3A00Z&per_page=100", Reply.json(sample("github-runs-queued.json"))),
                Map.entry(runs + "/30433643", Reply.json(sample("github-run.json"))),
                Map.entry(runs + "/30433643/attempts/1/jobs?per_page=100", Reply.json(sample("github-jobs.json")))),
                Reply.json(sample("github-runs-none.json")));
                JobSource source = recipe("github-actions.yaml", Map.of(), "https://api.github.com", service)) {
            Listing.ActiveSet listing = (Listing.ActiveSet) source.list(Optional.empty());
            assertThat(listing.bad()).isEmpty();
            assertThat(listing.jobs()).extracting(ObservedJob::jobId, ObservedJob::state, ObservedJob::nativeState, ObservedJob::attempt)
                    .containsExactlyInAnyOrder(tuple("30433645", JobState.QUEUED, "queued", 1),
                            tuple("30433644", JobState.PROCESSING, "in_progress", 2),
                            tuple("30433643", JobState.ERROR, "failure", 1), tuple("30433642", JobState.FINISHED, "success", 1));
            ObservedJob failed = found(source.lookup("30433643"));
            assertThat(failed).isEqualTo(new ObservedJob("30433643", Optional.of("Update README.md"), 1, JobState.ERROR, "failure",
                    Optional.empty(), Optional.empty(), Optional.of(Instant.parse("2026-11-22T10:15:00Z")),
                    Optional.of(Instant.parse("2026-11-22T10:15:00Z")), Optional.of(Instant.parse("2026-11-22T10:17:30Z")), false,
                    List.of(), Map.of("workflow", "Build", "event", "push", "branch", "main", "actor", "hubot",
                            "url", "https://github.com/octo-org/octo-repo/actions/runs/30433643",
                            StatePath.STATES_ATTRIBUTE, "QUEUED PROCESSING FINISHED ERROR CANCELED")));
            assertThat(source.withDetails(failed).tasks()).extracting(Task::getName, Task::getState, Task::getErrors).containsExactly(
                    tuple("lint", JobState.FINISHED, List.of()),
                    tuple("test", JobState.ERROR, List.of(new ErrorDetail("failure",
                            "https://github.com/octo-org/octo-repo/actions/runs/30433643/job/399444497"))));
            assertThat(source.list(listing.token())).isInstanceOfSatisfying(Listing.ActiveSet.class, second ->
                    assertThat(second.jobs()).extracting(ObservedJob::jobId).containsExactlyInAnyOrder("30433645", "30433644"));
            assertThat(service.requests()).allSatisfy(request ->
                    assertThat(request.headers()).containsEntry("authorization", "Bearer gh-t0ken").containsKey("user-agent"));
        }
    }

    @Test
    void shouldReadRunsOfADagOfAirflow3() throws Exception {
        String runs = "/api/v2/dags/etl/dagRuns";
        String failedRun = runs + "/scheduled__2026-11-22T09%3A00%3A00%2B00%3A00";
        try (FakeService service = service(Map.of(
                runs + "?updated_at_gte=2026-11-15T10%3A21%3A00Z&order_by=id&limit=100&offset=0",
                Reply.json(sample("airflow-v2-runs.json")),
                runs + "?updated_at_gte=2026-11-15T10%3A21%3A00Z&order_by=id&limit=100&offset=3",
                Reply.json(sample("airflow-v2-runs-end.json")),
                runs + "?updated_at_gte=2026-11-22T10%3A03%3A03Z&order_by=id&limit=100&offset=0",
                Reply.json(sample("airflow-v2-runs-end.json")),
                failedRun, Reply.json(sample("airflow-v2-run.json")),
                failedRun + "/taskInstances?limit=100&offset=0", Reply.json(sample("airflow-v2-tasks.json")),
                failedRun + "/taskInstances?limit=100&offset=3", Reply.json(sample("airflow-v2-tasks-end.json"))),
                Reply.status(404, "{\"detail\":\"Not Found\"}"));
                JobSource source = recipe("airflow.yaml", Map.of("AIRFLOW_URL", service.url().toString()), "", service)) {
            Listing.Feed listing = (Listing.Feed) source.list(Optional.empty());
            assertThat(listing.bad()).isEmpty();
            assertThat(listing.jobs()).extracting(ObservedJob::jobId, ObservedJob::state, job -> job.startedAt().isPresent())
                    .containsExactly(tuple("scheduled__2026-11-22T09:00:00+00:00", JobState.ERROR, true),
                            tuple("manual__2026-11-22T10:05:00+00:00", JobState.PROCESSING, true),
                            tuple("manual__2026-11-22T10:05:02+00:00", JobState.QUEUED, false));
            assertThat(listing.jobs().get(0).nativeReason()).contains("the disk was full");
            assertThat(listing.token()).contains("2026-11-22T10:05:03.300Z");
            assertThat(source.list(listing.token())).isEqualTo(new Listing.Feed(List.of(), List.of(), listing.token()));
            ObservedJob failed = found(source.lookup("scheduled__2026-11-22T09:00:00+00:00"));
            assertThat(failed.endedAt()).contains(Instant.parse("2026-11-22T10:04:00.517Z"));
            assertThat(source.withDetails(failed).tasks()).extracting(Task::getTaskId, Task::getState, Task::getErrors).containsExactly(
                    tuple("extract", JobState.FINISHED, List.of()),
                    tuple("load", JobState.ERROR, List.of(new ErrorDetail("failed", "PythonOperator"))),
                    tuple("report", JobState.CANCELED, List.of()));
            assertThat(source.lookup("manual__gone")).isInstanceOf(Lookup.Gone.class);
        }
    }

    @Test
    void shouldReadRunsOfADagOfAirflow2() throws Exception {
        String runs = "/api/v1/dags/etl/dagRuns?updated_at_gte=2026-11-15T10%3A21%3A00Z&order_by=id&limit=100&offset=";
        try (FakeService service = service(Map.of(runs + "0", Reply.json(sample("airflow-v1-runs.json")),
                runs + "2", Reply.json(sample("airflow-v1-runs-end.json"))), Reply.status(404, "{}"));
                JobSource source = recipe("airflow.yaml", Map.of("AIRFLOW_URL", service.url().toString(), "AIRFLOW_API", "v1"), "",
                        service)) {
            Listing.Feed listing = (Listing.Feed) source.list(Optional.empty());
            assertThat(listing.bad()).isEmpty();
            assertThat(listing.jobs()).extracting(ObservedJob::state, job -> job.name().orElse("")).containsExactly(
                    tuple(JobState.FINISHED, "etl"), tuple(JobState.QUEUED, "etl"));
            assertThat(listing.token()).contains("2026-11-22T10:04:00.517Z");
        }
    }

    /** A recipe that is not tested above is not known to work. */
    @Test
    void shouldTestEveryRecipe() throws IOException {
        try (Stream<Path> files = Files.list(RECIPES)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("README.md", "airflow.yaml",
                    "github-actions.yaml");
        }
    }

    private static FakeService service(Map<String, Reply> replies, Reply otherwise) throws IOException {
        return new FakeService(request -> replies.getOrDefault(request.target(), otherwise));
    }

    /** The recipe as it is but for the host of a service that cannot be configured. */
    private static JobSource recipe(String file, Map<String, String> environment, String host, FakeService service) throws IOException {
        Map<String, String> all = new HashMap<>(ENVIRONMENT);
        all.putAll(environment);
        String yaml = Files.readString(RECIPES.resolve(file));
        SourceConfig config = HttpJson.load(host.isEmpty() ? yaml : yaml.replace(host, service.url().toString()), all);
        assertThat(config.url().getPort()).isEqualTo(service.url().getPort());
        return JobSources.create(config, CLOCK);
    }

    private static ObservedJob found(Lookup lookup) {
        assertThat(lookup).isInstanceOf(Lookup.Found.class);
        return ((Lookup.Found) lookup).job();
    }
}
