package io.jobwatch.source.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.event.JobState;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlurmLookupTest {

    @Test
    void shouldFindAJob() throws Exception {
        try (SlurmServer server = SlurmServer.replaying("jobs-04-completed-and-failed.json");
                SlurmSource source = server.source(Clock.systemUTC())) {
            assertThat(found(source.lookup("2")).state()).isEqualTo(JobState.ERROR);
            assertThat(server.requests().get(0)).startsWith("GET /slurm/v0.0.38/job/2 HTTP/1.1\n");
        }
    }

    @Test
    void shouldAskForATaskWithItsArray() throws Exception {
        try (SlurmServer server = SlurmServer.replaying("jobs-32-array-limit-running.json");
                SlurmSource source = server.source(Clock.systemUTC())) {
            assertThat(found(source.lookup("29_1")).state()).isEqualTo(JobState.PROCESSING);
            assertThat(found(source.lookup("29_5")).state()).isEqualTo(JobState.QUEUED);
            assertThat(server.requests()).allMatch(request -> request.startsWith("GET /slurm/v0.0.38/job/29 HTTP/1.1\n"));
        }
    }

    @Test
    void shouldFindTheTasksOfAnArrayThatWasCancelledAsAWhole() throws Exception {
        assertThat(found(lookup("job-array-canceled-whole.json", "32_3")).state()).isEqualTo(JobState.CANCELED);
    }

    @Test
    void shouldCallATaskGoneThatItsArrayNoLongerNames() throws Exception {
        assertThat(lookup("jobs-31-array-one-task-canceled.json", "29_4")).isInstanceOf(Lookup.Gone.class);
    }

    @Test
    void shouldNotCallATaskGoneThatMayHaveBeenCutOff() throws Exception {
        assertThat(found(lookup("job-array-cut-string.json", "33_900")).state()).isEqualTo(JobState.QUEUED);
        assertThat(lookup("job-array-cut-string.json", "33_2")).as("it would stand before the cut").isInstanceOf(Lookup.Gone.class);
    }

    @Test
    void shouldNotTakeAnArrayForTheJobOfItsId() throws Exception {
        assertThat(lookup("jobs-30-array-held.json", "29")).isInstanceOf(Lookup.Gone.class);
    }

    @Test
    void shouldCallAJobGoneOnlyIfSlurmSaysSo() throws Exception {
        assertThat(lookup("job-missing-500.http", "99999")).isInstanceOf(Lookup.Gone.class);
        assertThatThrownBy(() -> lookup("job-bad-token-500.http", "1")).isInstanceOf(SourceException.class)
                .hasMessageContaining("HTTP 500: Unspecified error; slurmrestd says this when the token is wrong or has expired");
        assertThatThrownBy(() -> lookup("jobs-controller-down-500.http", "1")).isInstanceOf(SourceException.class);
        assertThatThrownBy(() -> lookup("jobs-no-token-401.http", "1")).isInstanceOf(SourceException.class);
        assertThatThrownBy(() -> lookup("jobs-wrong-version-404.http", "1")).isInstanceOf(SourceException.class);
        assertThatThrownBy(() -> lookup("job-not-a-number-400.http", "1")).isInstanceOf(SourceException.class);
    }

    @Test
    void shouldNotAskForWhatIsNoIdOfSlurm() throws Exception {
        try (SlurmServer server = SlurmServer.replaying("job-missing-500.http"); SlurmSource source = server.source(Clock.systemUTC())) {
            for (String id : new String[] {"../diag", "1_", "0", "1_2_3", "nb:jid:UUID:1", "99999999999", " 1"}) {
                assertThat(source.lookup(id)).as(id).isInstanceOf(Lookup.Gone.class);
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void shouldNotCallAJobGoneWhoseRecordCannotBeRead() throws Exception {
        try (SlurmServer server = SlurmServer.listing("{\"job_id\":4,\"job_state\":4}");
                SlurmSource source = server.source(Clock.systemUTC())) {
            assertThatThrownBy(() -> source.lookup("4")).isInstanceOf(SourceException.class).hasMessageContaining("job_state must be");
        }
        try (SlurmServer server = SlurmServer.listing(); SlurmSource source = server.source(Clock.systemUTC())) {
            assertThatThrownBy(() -> source.lookup("4")).isInstanceOf(SourceException.class)
                    .hasMessageContaining("neither a job nor an error");
        }
    }

    private static Lookup lookup(String recorded, String jobId) throws Exception {
        try (SlurmServer server = SlurmServer.replaying(recorded); SlurmSource source = server.source(Clock.systemUTC())) {
            return source.lookup(jobId);
        }
    }

    private static ObservedJob found(Lookup lookup) {
        assertThat(lookup).isInstanceOf(Lookup.Found.class);
        return ((Lookup.Found) lookup).job();
    }
}
