package io.jobwatch.source.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.Listing;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exchange with slurmrestd, over a real socket. */
@Timeout(60)
class SlurmSourceTest {

    private static final Instant NOW = Instant.ofEpochSecond(1795383800).plusMillis(700);

    @Test
    void shouldAskWithTheUserAndTheToken() throws Exception {
        try (SlurmServer server = SlurmServer.replaying("jobs-01-pending.json");
                JobSource source = JobSources.create(SlurmServer.config(server.url()), at(NOW))) {
            source.list(Optional.empty());
            assertThat(server.requests().get(0)).startsWith("GET /slurm/v0.0.38/jobs HTTP/1.1\n")
                    .contains("X-SLURM-USER-NAME: alice\n", "X-SLURM-USER-TOKEN: " + SlurmServer.TOKEN + "\n",
                            "Accept: application/json\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/slurm/v0.0.40", "/slurm/v0.0.40/", "/proxy/slurm/v0.0.40"})
    void shouldAskForTheVersionThatTheUrlNames(String path) throws Exception {
        try (SlurmServer server = SlurmServer.replaying("jobs-01-pending.json");
                SlurmSource source = SlurmServer.source(SlurmServer.config(URI.create(server.url() + path)), at(NOW))) {
            source.list(Optional.empty());
            assertThat(server.requests().get(0)).startsWith("GET " + path.replaceAll("/$", "") + "/jobs HTTP/1.1\n");
        }
    }

    @Test
    void shouldKeepThePathOfAProxyBeforeTheDefaultVersion() throws Exception {
        try (SlurmServer server = SlurmServer.replaying("jobs-01-pending.json");
                SlurmSource source = SlurmServer.source(SlurmServer.config(URI.create(server.url() + "/proxy/")), at(NOW))) {
            source.list(Optional.empty());
            assertThat(server.requests().get(0)).startsWith("GET /proxy/slurm/v0.0.38/jobs HTTP/1.1\n");
        }
    }

    @Test
    void shouldAskForChangesSinceShortlyBeforeTheLastListingBegan() throws Exception {
        try (SlurmServer server = SlurmServer.replaying("jobs-01-pending.json", "jobs-unchanged-304.http");
                SlurmSource source = server.source(at(NOW))) {
            Optional<String> token = SlurmServer.snapshot(source).token();
            assertThat(token).contains("1795383798");
            assertThat(source.list(token)).isInstanceOf(Listing.Unchanged.class);
            assertThat(server.requests().get(1)).startsWith("GET /slurm/v0.0.38/jobs?update_time=1795383798 HTTP/1.1\n");
        }
    }

    /** Slurm's clock may differ from ours: what it holds back as already listed must not stay unseen for ever. */
    @Test
    void shouldInsistOnAFullAnswerOnceATokenIsOldOrFromTheFuture() throws Exception {
        try (SlurmServer server = SlurmServer.replaying("jobs-01-pending.json")) {
            for (Duration later : new Duration[] {Duration.ofMinutes(1), Duration.ofMinutes(-1)}) {
                try (SlurmSource source = server.source(at(NOW.plus(later)))) {
                    assertThat(source.list(Optional.of("1795383798"))).isInstanceOf(Listing.Snapshot.class);
                }
            }
            try (SlurmSource source = server.source(at(NOW))) {
                assertThat(source.list(Optional.of("of another kind of source"))).isInstanceOf(Listing.Snapshot.class);
            }
            assertThat(server.requests()).hasSize(3).allMatch(request -> request.startsWith("GET /slurm/v0.0.38/jobs HTTP/1.1\n"));
        }
    }

    @Test
    void shouldNotBelieveThatNothingChangedWithoutHavingAsked() throws Exception {
        assertThatThrownBy(() -> list("jobs-unchanged-304.http")).isInstanceOf(SourceException.class).hasMessageContaining("HTTP 304");
    }

    @Test
    void shouldSayWhatAnErrorOfSlurmMayMean() {
        assertThatThrownBy(() -> list("jobs-bad-token-500.http")).isInstanceOf(SourceException.class)
                .hasMessageContaining("/slurm/v0.0.38/jobs: HTTP 500: Unspecified error; slurmrestd says this when the token is wrong"
                        + " or has expired, and when slurmctld does not answer")
                .hasMessageNotContaining(SlurmServer.TOKEN);
        assertThatThrownBy(() -> list("jobs-no-token-401.http")).isInstanceOf(SourceException.class)
                .hasMessageContaining("HTTP 401: Authentication failure (check the source's auth)");
        assertThatThrownBy(() -> list("jobs-wrong-version-404.http")).isInstanceOf(SourceException.class)
                .hasMessageContaining("HTTP 404").hasMessageContaining("name one that it does in the source's url");
        assertThatThrownBy(() -> list("jobs-bad-update-time-400.http")).isInstanceOf(SourceException.class)
                .hasMessageContaining("HTTP 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html><title>Sign in</title></html>", "", "[]", "{}", "{\"jobs\":{}}",
            "{\"jobs\":[{\"job_id\":1", "{\"jobs\":[]} x", "{\"jobs\":[]}{\"jobs\":[]}",
            "{\"jobs\":[{\"job_id\":1,\"job_state\":\"RUNNING\"},oops]}", "{\"errors\":[],\"meta\":{}}",
            "{\"errors\":[{\"error\":\"Zero Bytes were transmitted or received\",\"error_number\":9000}],\"jobs\":[]}"})
    void shouldFailTheListingWhenAnAnswerIsNotWhole(String body) throws Exception {
        try (SlurmServer server = SlurmServer.saying(200, "application/json", body); SlurmSource source = server.source(at(NOW))) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("the answer cannot be used");
        }
    }

    @Test
    void shouldFailAListingOfMoreTasksThanCanBeWatched() throws Exception {
        String array = "{\"job_id\":%1$d,\"job_state\":\"PENDING\",\"array_job_id\":%1$d,\"array_task_string\":\"1-90000\"}";
        try (SlurmServer server = SlurmServer.listing(array.formatted(1), array.formatted(2), array.formatted(3));
                SlurmSource source = server.source(at(NOW))) {
            assertThatThrownBy(() -> source.list(Optional.empty())).isInstanceOf(SourceException.class)
                    .hasMessageContaining("270000 jobs").hasMessageContaining("at most 200000");
        }
    }

    @Test
    void shouldHaveTheDetailsInTheListing() throws Exception {
        ObservedJob failed = SlurmServer.recordedJobs("jobs-04-completed-and-failed.json").get("2");
        try (SlurmServer server = SlurmServer.replaying("job-missing-500.http"); SlurmSource source = server.source(at(NOW))) {
            assertThat(source.withDetails(failed)).isEqualTo(failed);
            assertThat(server.requests()).isEmpty();
        }
    }

    private static void list(String recorded) throws Exception {
        try (SlurmServer server = SlurmServer.replaying(recorded); SlurmSource source = server.source(at(NOW))) {
            source.list(Optional.empty());
        }
    }

    private static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }
}
